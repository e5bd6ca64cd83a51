import { expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import { type JobDeps, JobFailure, type JobName, runJob } from '../../../src/jobs/run-job.ts'
import type { Log } from '../../../src/log.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { NOW } from '../../support/fixtures.ts'

const DOWN = new Fault('storage_unavailable', 'the store is down')

interface Failing {
  readonly list?: DocumentStore['list']
  /** The issuers for which something fails. */
  readonly issuers?: readonly string[]
}

async function jobs({ list, issuers = [] }: Failing = {}, ids = ['a', 'b', 'c']) {
  const store = memoryStore()
  for (const id of ids) {
    await store.put(`issuers/${id}`, '{}', { ifNoneMatch: '*' })
  }
  const done: string[] = []
  const logged: Parameters<Log>[] = []
  const turn = async (job: JobName, id: string): Promise<void> => {
    if (issuers.includes(id)) throw DOWN
    done.push(`${job} ${id}`)
  }
  const deps: JobDeps = {
    documents: list === undefined ? store : { list },
    clock: { now: () => NOW },
    random: () => 0,
    log: (...record) => void logged.push(record),
    rotation: {
      run: async (id) => {
        await turn('rotate', id)
        return { id, revision: 1, dryRun: false, actions: [], waits: [], nextMoment: null }
      },
      sweep: async (id) => {
        await turn('sweep', id)
        return { id, dryRun: false, entries: [] }
      },
    },
  }
  return { deps, done, logged }
}

test.each<[JobName, object]>([
  ['rotate', { issuers: 3, changed: 0, waiting: 0, failed: 0, unvisited: 0 }],
  ['sweep', { issuers: 0, scheduled: 0, gone: 0, failed: 0, unvisited: 0 }],
])('%s is done for every issuer', async (name, expected) => {
  const { deps, done } = await jobs()
  expect(await runJob(deps, name)).toEqual(expected)
  expect(done).toEqual([`${name} a`, `${name} b`, `${name} c`])
})

test.each<[JobName, string]>([
  ['rotate', 'the job "rotate" failed for 2 of 3 issuers: the log names them'],
  ['sweep', 'the job "sweep" failed for 2 of 2 issuers: the log names them'],
])('%s fails at its end where issuers failed', async (name, message) => {
  const { deps, done, logged } = await jobs({ issuers: ['a', 'b'] })
  await expect(runJob(deps, name)).rejects.toThrow(new JobFailure(message))
  expect(done).toEqual([`${name} c`])
  expect(logged.map(([, event]) => event)).toHaveLength(3)
})

test.each<JobName>(['rotate', 'sweep'])(
  '%s fails where storage answered no more, of those that it tried alone',
  async (name) => {
    const ids = Array.from({ length: 40 }, (_, index) => `i${index + 10}`)
    const { deps, done, logged } = await jobs({ issuers: ids }, ids)
    await expect(runJob(deps, name)).rejects.toThrow(
      /^the job "\w+" failed for (8|9|10|11) of \1 issuers/,
    )
    expect(done).toEqual([])
    expect(logged.length).toBeLessThan(13)
    expect(logged.at(-1)?.[0]).toBe('warn')
  },
)

test.each<[JobName, unknown, object, string]>([
  ['rotate', DOWN, { code: 'storage_unavailable', problem: DOWN.message }, 'storage_unavailable'],
  ['sweep', DOWN, { code: 'storage_unavailable', problem: DOWN.message }, 'storage_unavailable'],
  ['rotate', new Error('arn:aws:marked'), { code: 'internal', cause: 'Error' }, 'internal'],
])('%s fails where nobody knows which issuers there are', async (job, error, fields, code) => {
  const { deps, done, logged } = await jobs({ list: () => Promise.reject(error) })
  const failure: unknown = await runJob(deps, job).catch((caught: unknown) => caught)
  expect(failure).toEqual(new JobFailure(`the job "${job}" failed (${code}): the log says why`))
  expect(failure).toHaveProperty('name', 'JobFailure')
  expect(failure).not.toHaveProperty('cause')
  expect(done).toEqual([])
  expect(logged).toEqual([['error', 'job_failed', { job, ...fields }]])
})
