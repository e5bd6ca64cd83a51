import { expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import { ISSUERS_AT_ONCE, JOB_SECONDS_MAX } from '../../../src/jobs/for-each-issuer.ts'
import { sweepAll } from '../../../src/jobs/sweep-all.ts'
import type { SweepEntry, SweepOutcome, SweepReport } from '../../../src/keyring/sweep-report.ts'
import type { Log } from '../../../src/log.ts'
import { NOW } from '../../support/fixtures.ts'

type Turn = () => Promise<SweepReport | undefined>

const DELETED_AT = NOW + 30 * 86_400

function anEntry(outcome: SweepOutcome): SweepEntry {
  return { slot: 'slot', alg: 'ES256', custody: 'kms', forgottenAt: NOW, ...outcome }
}

const sweeping =
  (...outcomes: readonly SweepOutcome[]): Turn =>
  async () => ({ id: 'a', dryRun: false, entries: outcomes.map(anEntry) })

const scheduled = (isNew: boolean): SweepOutcome => ({
  outcome: 'deletion_scheduled',
  deletedAt: DELETED_AT,
  isNew,
})

const DOWN: Turn = () => Promise.reject(new Fault('storage_unavailable', 'why'))

/** A run over issuers `a`, `b`, … with these turns, an issuer taking as long as is said. */
async function ranOver(turns: readonly Turn[], secondsEach = 0) {
  const store = memoryStore()
  const ids = turns.map((_, index) => String.fromCodePoint(97 + index))
  for (const id of ids) await store.put(`issuers/${id}`, '{}', { ifNoneMatch: '*' })
  const clock = { seconds: NOW, now: () => clock.seconds }
  const swept: string[] = []
  const logged: Parameters<Log>[] = []
  const run = await sweepAll({
    documents: store,
    clock,
    random: () => 0,
    log: (...record) => void logged.push(record),
    rotation: {
      sweep: async (id, ...options) => {
        expect(options).toEqual([])
        swept.push(id)
        clock.seconds += secondsEach
        return turns[ids.indexOf(id)]?.()
      },
    },
  })
  return { run, swept, logged }
}

test('sweeps every issuer, and says in one line what came of it', async () => {
  const { run, swept, logged } = await ranOver([
    sweeping(scheduled(true), scheduled(true), scheduled(false), { outcome: 'gone' }),
    sweeping(),
    async () => undefined,
    sweeping({ outcome: 'waits', until: NOW + 1 }, { outcome: 'kept', isNew: false }),
    sweeping({ outcome: 'gone' }, scheduled(true)),
  ])
  expect(swept).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(run).toEqual({ issuers: 3, scheduled: 3, gone: 2, failed: 0, unvisited: 0 })
  expect(logged).toEqual([['info', 'sweep_run', { ...run }]])
})

test('counts an issuer of which something failed, and goes on', async () => {
  const failure = { outcome: 'failed', code: 'key_service_busy' } as const
  const { run, swept, logged } = await ranOver([
    sweeping(failure, failure, { outcome: 'gone' }),
    () => Promise.reject(new Fault('document_corrupt', 'why')),
    () => Promise.reject(new Error('arn:aws:marked')),
    sweeping(scheduled(true)),
  ])
  expect(swept).toEqual(['a', 'b', 'c', 'd'])
  expect(run).toEqual({ issuers: 4, scheduled: 1, gone: 1, failed: 3, unvisited: 0 })
  expect(logged).toEqual([
    // What failed of the first one is told by its own sweep.
    ['error', 'sweep_failed', { issuer: 'b', code: 'document_corrupt', problem: 'why' }],
    ['error', 'sweep_failed', { issuer: 'c', code: 'internal', cause: 'Error' }],
    ['warn', 'sweep_run', { ...run }],
  ])
})

test('warns of those that it did not reach in time', async () => {
  const turns = Array.from({ length: 20 }, () => sweeping(scheduled(true)))
  const { run, swept, logged } = await ranOver(turns, JOB_SECONDS_MAX / 8)
  expect(swept.length).toBeLessThan(20)
  expect(run).toMatchObject({ issuers: swept.length, unvisited: 20 - swept.length, failed: 0 })
  expect(logged).toEqual([['warn', 'sweep_run', { ...run }]])
})

test('stops where storage answers no more: the rest did not fail, and one line says so', async () => {
  const turns = Array.from({ length: 20 }, () => DOWN)
  const { run, swept, logged } = await ranOver(turns)
  expect(swept.length).toBeLessThan(8 + ISSUERS_AT_ONCE)
  expect(run).toMatchObject({ failed: swept.length, unvisited: 20 - swept.length })
  expect(logged.filter(([, event]) => event === 'sweep_failed')).toHaveLength(swept.length)
  expect(logged.at(-1)).toEqual(['warn', 'sweep_run', { ...run }])
})
