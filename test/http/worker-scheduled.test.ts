/**
 * The crons of the Worker, in the runtime that runs them: the ring changes, seen through the Worker's own public URL.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { WORKER_CRONS } from '../../functions/worker/runtime.ts'
import type { RingView } from '../../src/control/ring-view.ts'
import {
  bodyOf,
  control,
  createIssuer,
  mintToken,
  publishedKids,
} from '../support/hosts/control-client.ts'
import { SEALED_SECRET } from '../support/hosts/test-host.ts'
import { type WorkerHost, workerHost } from '../support/hosts/worker.ts'

let host: WorkerHost
beforeAll(async () => {
  host = await workerHost()
})
afterAll(() => host.close())

async function ringOf(id: string): Promise<RingView> {
  return bodyOf(await control(host, 'GET', `/issuers/${id}/keys`))
}

/** The records of this event so far. */
function records(event: string): Record<string, unknown>[] {
  return host
    .logLines()
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []))
    .filter((record) => record['event'] === event)
}

test('the cron of rotations makes the successor, and then sees it in public', async () => {
  const { id } = await createIssuer(host)
  const first = (await ringOf(id)).keys.map(({ kid }) => kid)
  expect(await host.runCron(WORKER_CRONS.rotate)).toBe('ok')
  const made = await ringOf(id)
  expect(made.keys.map(({ status }) => status).toSorted()).toEqual(['active', 'pending'])
  const successor = made.keys.find(({ status }) => status === 'pending')?.kid ?? ''
  await expect.poll(() => publishedKids(host, id)).toEqual([...first, successor])

  expect(await host.runCron(WORKER_CRONS.rotate)).toBe('ok')
  const seen = (await ringOf(id)).keys.find(({ kid }) => kid === successor)
  expect(seen).toMatchObject({ status: 'pending', firstSeenAt: expect.any(Number) as number })
  // It is seen for the second time once no cache can be older than its publication.
  expect(await host.runCron(WORKER_CRONS.rotate)).toBe('ok')
  const waits = () => records('rotation_waits').filter(({ issuer }) => issuer === id)
  await expect
    .poll(() => waits().at(-1))
    .toMatchObject({ reason: 'successor_seen_once', kid: successor })
  await expect
    .poll(() => records('rotation_run').at(-1))
    .toMatchObject({ level: 'info', changed: 0, failed: 0 })
  await mintToken(host, id)
})

test('the cron of sweeps sweeps, and rotates nothing', async () => {
  const { id } = await createIssuer(host)
  const before = await ringOf(id)
  const runs = records('sweep_run').length
  expect(await host.runCron(WORKER_CRONS.sweep)).toBe('ok')
  expect(await ringOf(id)).toEqual(before)
  await expect.poll(() => records('sweep_run').length).toBe(runs + 1)
})

test('what it says of itself has no secret', async () => {
  const runs = records('rotation_run').length
  expect(await host.runCron(WORKER_CRONS.rotate)).toBe('ok')
  await expect.poll(() => records('rotation_run').length).toBe(runs + 1)
  const said = host.logLines().join('\n')
  expect(said).not.toContain(host.controlSecret)
  expect(said).not.toContain(SEALED_SECRET)
  expect(said).not.toMatch(/sealed-v1|marked/)
})
