import { describe, expect, test, vi } from 'vitest'
import { fields, json, note, table } from '../../../src/cli/output.ts'

const HOSTILE = '\u001B[2J\u009B\u202E\n'
const ESCAPED = String.raw`\u{1b}[2J\u{9b}\u{202e}\u{a}`

describe('what would steer a terminal is escaped', () => {
  test('in the cells of a table', () => {
    expect(table(['ID'], [[HOSTILE]]).split('\n')).toEqual([expect.any(String), ESCAPED])
  })

  test('in the names and the values of fields', () => {
    expect(fields([[HOSTILE, HOSTILE]])).toBe(`${ESCAPED}  ${ESCAPED}`)
  })

  test('in prose', () => {
    using write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    note(HOSTILE)
    expect(write.mock.calls).toEqual([[`${ESCAPED}\n`]])
  })

  test('in JSON, which reads back the same', () => {
    using write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const value = { [HOSTILE]: `${HOSTILE}\u007F\u2028\u{E0001}` }
    json(value)
    const printed = String(write.mock.calls[0]?.[0])
    expect(printed).not.toMatch(/[^\x20-\x7e\n]/)
    expect(JSON.parse(printed)).toEqual(value)
  })
})
