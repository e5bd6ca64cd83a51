import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault, FAULT_CODES } from '../../../src/errors.ts'
import { ISSUERS_AT_ONCE, JOB_SECONDS_MAX } from '../../../src/jobs/for-each-issuer.ts'
import { rotateAll } from '../../../src/jobs/rotate-all.ts'
import type { RotationReport } from '../../../src/keyring/rotation-report.ts'
import type { Log } from '../../../src/log.ts'
import { NOW } from '../../support/fixtures.ts'

type Turn = () => Promise<RotationReport | undefined>

function aReport(members: Partial<RotationReport> = {}): RotationReport {
  return {
    id: 'a',
    revision: 3,
    dryRun: false,
    actions: [],
    waits: [],
    nextMoment: null,
    ...members,
  }
}

const CHANGED: Turn = async () => aReport({ actions: [{ type: 'settle', seenAt: NOW }] })
const WAITING: Turn = async () => aReport({ waits: [{ reason: 'policy_not_seen', revision: 3 }] })
const DELETED: Turn = async () => undefined
const dueAt =
  (at: number): Turn =>
  async () =>
    aReport({ nextMoment: { at, what: 'activation' } })
const failing =
  (error: unknown): Turn =>
  async () => {
    throw error
  }

/** A run over issuers `a`, `b`, … with these turns, an issuer taking as long as is said. */
async function ranOver(turns: readonly Turn[], secondsEach = 0) {
  const store = memoryStore()
  const ids = turns.map((_, index) => String.fromCodePoint(97 + index))
  for (const id of ids) await store.put(`issuers/${id}`, '{}', { ifNoneMatch: '*' })
  const clock = { seconds: NOW, now: () => clock.seconds }
  const ran: string[] = []
  const logged: Parameters<Log>[] = []
  const run = await rotateAll({
    documents: store,
    clock,
    random: () => 0,
    log: (...record) => void logged.push(record),
    rotation: {
      run: async (id, ...options) => {
        expect(options).toEqual([])
        ran.push(id)
        clock.seconds += secondsEach
        return turns[ids.indexOf(id)]?.()
      },
    },
  })
  return { run, ran, logged }
}

test('runs the rotation of every issuer, and says in one line what came of it', async () => {
  const { run, ran, logged } = await ranOver([
    CHANGED,
    WAITING,
    DELETED,
    dueAt(NOW + 900),
    dueAt(NOW + 60),
    dueAt(NOW + 300),
  ])
  expect(ran).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  const expected = {
    issuers: 5,
    changed: 1,
    waiting: 1,
    failed: 0,
    unvisited: 0,
    nextDueAt: NOW + 60,
  }
  expect(run).toEqual(expected)
  expect(logged).toEqual([['info', 'rotation_run', expected]])
})

test.each<[string, readonly Turn[]]>([
  ['no issuer', []],
  ['deleted ones alone', [DELETED, DELETED]],
])('of %s there is nothing to say, and it is said', async (_title, turns) => {
  const { logged } = await ranOver(turns)
  const nothing = { issuers: 0, changed: 0, waiting: 0, failed: 0, unvisited: 0 }
  expect(logged).toEqual([['info', 'rotation_run', nothing]])
})

describe('what fails for one issuer', () => {
  test.each(FAULT_CODES)('is logged, and ends no other: %s', async (code) => {
    const { run, ran, logged } = await ranOver([CHANGED, failing(new Fault(code, 'why')), CHANGED])
    expect(ran).toEqual(['a', 'b', 'c'])
    expect(run).toEqual({ issuers: 3, changed: 2, waiting: 0, failed: 1, unvisited: 0 })
    expect(logged).toEqual([
      ['error', 'rotation_failed', { issuer: 'b', code, problem: 'why' }],
      ['warn', 'rotation_run', { ...run }],
    ])
  })

  test.each<[unknown, string]>([
    [new RangeError('arn:aws:kms:eu-central-1:999988887777:key/marked'), 'RangeError'],
    [Object.assign(new Error('x'), { name: 'arn:aws:marked' }), 'Error'],
    ['arn:aws:marked', 'string'],
  ])('is logged by its name alone where it is no fault', async (error, cause) => {
    const { run, logged } = await ranOver([failing(error), CHANGED])
    expect(run).toMatchObject({ issuers: 2, changed: 1, failed: 1 })
    expect(logged[0]).toEqual([
      'error',
      'rotation_failed',
      { issuer: 'a', code: 'internal', cause },
    ])
    expect(JSON.stringify(logged)).not.toMatch(/arn:|marked/)
  })
})

test('warns of those that it did not reach in time', async () => {
  const turns = Array.from({ length: 20 }, () => CHANGED)
  const { run, ran, logged } = await ranOver(turns, JOB_SECONDS_MAX / 8)
  expect(ran.length).toBeLessThan(20)
  expect(run).toMatchObject({ issuers: ran.length, unvisited: 20 - ran.length, failed: 0 })
  expect(logged).toEqual([['warn', 'rotation_run', { ...run }]])
})

test('stops where storage answers no more: the rest did not fail, and one line says so', async () => {
  const turns = Array.from({ length: 20 }, () => failing(new Fault('storage_unavailable', 'why')))
  const { run, ran, logged } = await ranOver(turns)
  expect(ran.length).toBeLessThan(8 + ISSUERS_AT_ONCE)
  expect(run).toMatchObject({ failed: ran.length, unvisited: 20 - ran.length })
  expect(logged.filter(([, event]) => event === 'rotation_failed')).toHaveLength(ran.length)
  expect(logged.at(-1)).toEqual(['warn', 'rotation_run', { ...run }])
})
