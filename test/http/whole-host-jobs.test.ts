/**
 * The jobs of a host that makes its keys itself: over the whole stack, with a clock that the test moves.
 */

import { expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import type { RingView } from '../../src/control/ring-view.ts'
import { Fault } from '../../src/errors.ts'
import { JobFailure } from '../../src/jobs/run-job.ts'
import { MEMORY_COPY_SECONDS } from '../../src/limits.ts'
import { bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import { type InProcessHost, inProcessHost } from '../support/hosts/in-process.ts'
import { switchedStore } from '../support/hosts/stores.ts'

async function ringOf(host: InProcessHost, id: string): Promise<RingView> {
  return bodyOf(await control(host, 'GET', `/issuers/${id}/keys`))
}

/** The last of the records of this event. */
function lastRecord(host: InProcessHost, event: string): Record<string, unknown> | undefined {
  return host
    .logLines()
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .findLast((record) => record['event'] === event)
}

test('a ring rotates by the schedule alone', async () => {
  const host = inProcessHost()
  const { id } = await createIssuer(host)
  await host.runJob('rotate')
  const [first, successor] = (await ringOf(host, id)).keys.map(({ kid }) => kid)
  await host.runJob('rotate')
  host.clock.seconds += 600 + MEMORY_COPY_SECONDS
  await host.runJob('rotate')
  const { keys } = await ringOf(host, id)
  const activatesAt = keys.flatMap((key) =>
    key.origin === 'own' && key.kid === successor ? [key.activatesAt ?? 0] : [],
  )[0]
  expect(activatesAt).toBeGreaterThan(host.clock.seconds)
  expect(lastRecord(host, 'rotation_run')).toEqual({
    level: 'info',
    event: 'rotation_run',
    issuers: 1,
    changed: 1,
    waiting: 0,
    failed: 0,
    unvisited: 0,
    nextDueAt: activatesAt,
  })
  host.clock.seconds = activatesAt ?? 0
  const statuses = (await ringOf(host, id)).keys.map(({ kid, status }) => [kid, status])
  expect(statuses).toEqual([
    [first, 'retiring'],
    [successor, 'active'],
  ])
})

test('what fails for one issuer fails the job, after the others were done', async () => {
  const host = inProcessHost()
  const [{ id: broken }, { id: whole }] = [await createIssuer(host), await createIssuer(host)]
  await host.breakIssuer(broken)
  await expect(host.runJob('rotate')).rejects.toThrow(
    new JobFailure('the job "rotate" failed for 1 of 2 issuers: the log names them'),
  )
  expect((await ringOf(host, whole)).keys).toHaveLength(2)
  expect(lastRecord(host, 'rotation_failed')).toMatchObject({ issuer: broken })
  await expect(host.runJob('sweep')).rejects.toThrow('the job "sweep" failed for 1 of 1 issuers')
})

test.each(['rotate', 'sweep'] as const)('storage that is down fails the job: %s', async (job) => {
  const store = switchedStore(memoryStore())
  const host = inProcessHost({ store })
  store.fail('list', new Fault('storage_unavailable', 'the store is down'))
  await expect(host.runJob(job)).rejects.toThrow(
    new JobFailure(`the job "${job}" failed (storage_unavailable): the log says why`),
  )
  store.fail('list', undefined)
  await host.runJob(job)
})
