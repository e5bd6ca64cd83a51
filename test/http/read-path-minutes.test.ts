/**
 * What a reader sees minute by minute while storage does not answer, and when it does again.
 */

import { expect, test } from 'vitest'
import type { Answer } from '../support/hosts/faulty-reads.ts'
import { bodyOf } from '../support/hosts/control-client.ts'
import { type Reading, reading } from './reading.ts'

const START = 1_800_000_000
/** Promises to relying parties, so they are said here again. */
const [MEMORY_SECONDS, LAST_GOOD_SECONDS] = [30, 3600]
const LAST_GOOD_UNTIL = START + MEMORY_SECONDS + LAST_GOOD_SECONDS

const UNAVAILABLE = { 'retry-after': '5', 'cache-control': 'no-store' }
const PUBLISHED = { 'cache-control': 'public, max-age=600, s-maxage=60, stale-if-error=600' }

interface Seen {
  readonly jwkSet: number
  readonly discovery: number
  readonly health: unknown
  readonly host: unknown
}

async function look({ jwkSet, discovery, health, hostHealth }: Reading): Promise<Seen> {
  const [keys, document, its, hosts] = [
    await jwkSet(),
    await discovery(),
    await health(),
    await hostHealth(),
  ]
  expect(hosts.status).toBe(200)
  expect(document.status).toBe(keys.status)
  expect(its.status).toBe(keys.status)
  const expected = keys.status === 503 ? UNAVAILABLE : PUBLISHED
  for (const response of [keys, document]) expect(response.headers).toMatchObject(expected)
  const { keys: members = ['none'] } = bodyOf<{ keys?: unknown[] }>(keys)
  expect(members).toHaveLength(1)
  expect(keys.headers['signet-ring-version']).toBe(keys.status === 503 ? undefined : '1')
  const { status, storage, error } = bodyOf(its)
  return {
    jwkSet: keys.status,
    discovery: document.status,
    health: error ?? [status, storage],
    host: bodyOf(hosts),
  }
}

const OK = { status: 'ok' }
const minute = (count: number): number => 60 * count

const FAILURES: [what: string, answer: Answer, host: object, after: string][] = [
  [
    'fails',
    { type: 'failing' },
    { status: 'storage_unavailable', storageFailingSince: START + 31 },
    'storage_unavailable',
  ],
  ['has garbage', { type: 'broken' }, OK, 'document_corrupt'],
]

test.each(FAILURES)('storage that %s from t+31', async (_what, answer, hostHealth, after) => {
  const reader = await reading()
  const confirmed = { confirmedAt: START }
  const lastGood = { confirmedAt: START, lastGoodUntil: LAST_GOOD_UNTIL }
  const story: [at: number, answer: Answer, seen: Seen][] = []
  const well = { jwkSet: 200, discovery: 200, health: ['ok', confirmed], host: OK }
  story.push([0, { type: 'right' }, well], [29, answer, well])
  for (const at of [31, 36, ...[1, 2, 5, 10, 20, 30, 40, 50, 59, 60].map(minute), 3629]) {
    const health = ['last_good', lastGood]
    story.push([at, answer, { jwkSet: 200, discovery: 200, health, host: hostHealth }])
  }
  for (const at of [3630, minute(61), minute(120)]) {
    story.push([at, answer, { jwkSet: 503, discovery: 503, health: after, host: hostHealth }])
  }
  const back = minute(120) + 1
  // Nobody has rotated in two hours.
  const health = ['no_successor', { confirmedAt: START + back }]
  story.push([back, { type: 'right' }, { jwkSet: 200, discovery: 200, health, host: OK }])
  for (const [at, given, seen] of story) {
    reader.reads.answer = given
    reader.host.clock.seconds = START + at
    expect({ at, ...(await look(reader)) }).toStrictEqual({ at, ...seen })
  }
})

test('storage that comes back in between counts its hour anew', async () => {
  const reader = await reading()
  await reader.jwkSet()
  reader.reads.answer = { type: 'failing' }
  reader.wait(3000)
  expect(bodyOf(await reader.health())).toMatchObject({ status: 'last_good' })
  reader.reads.answer = { type: 'right' }
  reader.wait(5)
  expect(bodyOf(await reader.health())).toMatchObject({
    status: 'ok',
    storage: { confirmedAt: START + 3005 },
  })
  expect(bodyOf(await reader.hostHealth())).toStrictEqual(OK)
  reader.reads.answer = { type: 'failing' }
  reader.wait(3629)
  expect((await reader.jwkSet()).status).toBe(200)
  reader.wait(1)
  expect((await reader.jwkSet()).status).toBe(503)
})

test('storage that never had an answer is 503, and well with its first one', async () => {
  const reader = await reading()
  reader.reads.answer = { type: 'failing' }
  for (let second = 0; second < 3; second += 1) {
    expect((await reader.jwkSet()).status).toBe(503)
    expect((await reader.health()).status).toBe(503)
    reader.wait(1)
  }
  expect(bodyOf(await reader.hostHealth())).toStrictEqual({
    status: 'storage_unavailable',
    storageFailingSince: START,
  })
  reader.reads.answer = { type: 'right' }
  expect((await reader.jwkSet()).status).toBe(200)
  expect(bodyOf(await reader.hostHealth())).toStrictEqual(OK)
})

test('why a last good copy is served is logged', async () => {
  const reader = await reading()
  await reader.jwkSet()
  reader.reads.answer = { type: 'failing' }
  reader.wait(60)
  expect((await reader.jwkSet()).status).toBe(200)
  const lines = reader.host.logLines().map((line) => JSON.parse(line) as unknown)
  expect(lines).toStrictEqual([
    {
      level: 'warn',
      event: 'storage_read_failed',
      code: 'storage_unavailable',
      problem: 'no answer',
      cause: 'Fault',
    },
  ])
})
