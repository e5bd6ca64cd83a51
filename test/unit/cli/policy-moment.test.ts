import { describe, expect, test } from 'vitest'
import { parseMoment } from '../../../src/cli/policy/moment.ts'

describe('a moment', () => {
  test.each([
    ['0', 0],
    ['1767225600', 1_767_225_600],
    ['2026-01-01T00:00:00Z', 1_767_225_600],
    ['2026-01-01T00:00Z', 1_767_225_600],
    ['2026-01-01T02:30:00+02:30', 1_767_225_600],
    ['2025-12-31T19:00:00-05:00', 1_767_225_600],
  ])('%s', (text, seconds) => {
    expect(parseMoment(text)).toBe(seconds)
  })

  test.each([
    '',
    'now',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '-5',
    '1.5',
    '2026-13-01T00:00:00Z',
    '9'.repeat(13),
  ])('%j is none', (text) => {
    expect(() => parseMoment(text)).toThrow(/time zone, such as .*, got "/)
  })
})
