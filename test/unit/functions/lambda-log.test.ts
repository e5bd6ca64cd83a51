/**
 * What the functions write: metric filters read fields of lines that are JSON as a whole, and Lambda puts more before the
 * lines of the console.
 */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug'] as const

beforeEach(() => vi.resetModules())
afterEach(() => vi.restoreAllMocks())

/** What is written to the standard output, and what to the console. */
async function written(work: () => Promise<unknown>) {
  const chunks: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => chunks.push(String(chunk)) > 0)
  const consoles = CONSOLE.map((name) => vi.spyOn(console, name).mockImplementation(() => {}))
  await work()
  return { chunks, toConsole: consoles.flatMap(({ mock }) => mock.calls) }
}

describe('the log of the functions', () => {
  test('is one line a record, of whatever level or kind', async () => {
    const { chunks, toConsole } = await written(async () => {
      const { log } = await import('../../../functions/lambda/log.ts')
      log('info', 'rotation_run', { issuers: 1 })
      log('warn', 'ring_status', { issuer: 'prod' })
      log('error', 'request_failed', { problem: 'a\nb' })
      log('info', 'token_issued', { issuer: 'prod', durationMs: 1 })
    })
    expect(toConsole).toStrictEqual([])
    for (const chunk of chunks) expect(chunk).toMatch(/^\{[^\n]*\}\n$/)
    expect(chunks.map((chunk) => JSON.parse(chunk) as unknown)).toMatchObject([
      { level: 'info', event: 'rotation_run', issuers: 1 },
      { level: 'warn', event: 'ring_status', issuer: 'prod' },
      { level: 'error', event: 'request_failed', problem: 'a\nb' },
      { level: 'info', event: 'token_issued', issuer: 'prod', durationMs: 1, TokensIssued: 1 },
    ])
  })

  test.each<[name: string, load: () => Promise<unknown>]>([
    ['http', () => import('../../../functions/lambda/http.ts')],
    ['control', () => import('../../../functions/lambda/control.ts')],
    ['rotate', () => import('../../../functions/lambda/rotate.ts')],
  ])('is that of %s', async (_name, load) => {
    const { chunks, toConsole } = await written(load)
    expect(toConsole).toStrictEqual([])
    expect(chunks.length).toBeGreaterThan(0)
    for (const chunk of chunks) {
      expect(JSON.parse(chunk)).toMatchObject({ event: 'configuration_refused' })
    }
  })
})
