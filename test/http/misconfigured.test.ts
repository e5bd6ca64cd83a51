import { expect, test } from 'vitest'
import { misconfiguredHost } from '../../src/host/misconfigured-host.ts'
import { JobFailure } from '../../src/jobs/run-job.ts'
import { jsonLog } from '../../src/log.ts'

const MISCONFIGURED = {
  error: 'misconfigured',
  error_description: 'this host is not configured; its log says what is missing',
}

test.each(['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])(
  'a host whose configuration was refused answers 503 to %s',
  async (method) => {
    const app = misconfiguredHost(
      ['a', 'b'],
      jsonLog(() => {}),
    )
    for (const path of ['/', '/healthz', '/control/issuers', '/prod/.well-known/jwks.json']) {
      const response = await app.fetch(new Request(`https://a.example${path}`, { method }))
      expect(response.status).toBe(503)
      expect(response.headers.get('Cache-Control')).toBe('no-store')
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(await response.json()).toStrictEqual(MISCONFIGURED)
    }
  },
)

test('it answers 503 to HEAD without a body', async () => {
  const response = await misconfiguredHost(
    [],
    jsonLog(() => {}),
  ).fetch(new Request('https://a.example/', { method: 'HEAD' }))
  expect(response.status).toBe(503)
  expect(await response.text()).toBe('')
})

test('it logs every problem, once, and tells none', async () => {
  const lines: string[] = []
  const problems = ['SEALED_SECRET must be set', 'PUBLIC_URL must be a URL']
  const app = misconfiguredHost(
    problems,
    jsonLog((_level, line) => lines.push(line)),
  )
  const { status } = await app.fetch(new Request('https://a.example/healthz'))
  expect(status).toBe(503)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toStrictEqual(
    problems.map((problem) => ({ level: 'error', event: 'configuration_refused', problem })),
  )
})

test('its jobs fail, and tell no problem either', async () => {
  const host = misconfiguredHost(
    ['SEALED_SECRET must be set'],
    jsonLog(() => {}),
  )
  for (const job of ['rotate', 'sweep'] as const) {
    await expect(host.scheduled(job)).rejects.toThrow(
      new JobFailure('this host is not configured: its log says what is missing'),
    )
  }
})
