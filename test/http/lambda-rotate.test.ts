/**
 * The function that rotates on its schedules, as it is deployed, and what becomes of a run in which something fails.
 */

import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RotationRun } from '../../src/jobs/rotate-all.ts'
import { MEMORY_COPY_SECONDS, SWEEP_AFTER_SECONDS } from '../../src/limits.ts'
import { kmsErrors } from '../support/aws/kms-fake.ts'
import { createIssuer, mintToken } from '../support/hosts/control-client.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { invokeRotate, logRecords, storedIssuer } from './rotating-function.ts'

const ROTATE = { version: 1, job: 'rotate' }
const SWEEP = { version: 1, job: 'sweep' }
const MAX_AGE_SECONDS = 600
const DAY_SECONDS = 86_400

let host: LambdaHost
beforeEach(async () => {
  host = await lambdaHost()
})
afterEach(() => host.close())

const invoke = <Answer = unknown>(event: unknown) => invokeRotate<Answer>(host, event)
const stored = (id: string) => storedIssuer(host, id)
const records = (event: string) => logRecords(host, event)

/** What a run does, by the KMS calls and the public documents that it asks for. */
async function run(): Promise<{ readonly asked: string[]; readonly summary: RotationRun }> {
  const [calls, reads] = [host.kms.calls.length, host.entrance.asked.length]
  const summary = await invoke<RotationRun>(ROTATE)
  const asked = [...host.kms.calls.slice(calls), ...host.entrance.asked.slice(reads)]
  return { asked, summary }
}

test('a first rotation: made, seen, seen again and proved, and then it signs', async () => {
  const { id, issuer } = await createIssuer(host)
  const documents = [`/${id}/.well-known/openid-configuration`, `/${id}/.well-known/jwks.json`]
  const done = { issuers: 1, changed: 1, waiting: 0, failed: 0, unvisited: 0 }

  await host.request('GET', documents[1] ?? '')
  const made = await run()
  expect(made).toMatchObject({ asked: ['CreateKey', 'GetPublicKey'], summary: done })
  const [first, successor] = stored(id).ring.keys
  expect([first?.activatesAt, successor?.activatesAt]).toEqual([expect.any(Number), undefined])

  // The public function has a copy from before, for a while.
  expect(await run()).toMatchObject({ asked: documents, summary: { changed: 0, waiting: 1 } })
  host.clock.seconds += MEMORY_COPY_SECONDS
  const seen = await run()
  expect(seen).toMatchObject({ asked: documents, summary: { changed: 1, waiting: 1 } })
  expect(stored(id).ring.keys[1]?.firstSeenAt).toBe(host.clock.seconds)

  expect(await run()).toMatchObject({ asked: [], summary: { changed: 0, waiting: 1 } })
  host.clock.seconds += MAX_AGE_SECONDS + MEMORY_COPY_SECONDS
  const proved = await run()
  expect(proved).toMatchObject({ asked: ['Sign', ...documents], summary: done })
  const activatesAt = stored(id).ring.keys[1]?.activatesAt ?? 0
  expect(activatesAt).toBeGreaterThan(host.clock.seconds + DAY_SECONDS)
  expect(proved.summary.nextDueAt).toBe(activatesAt)
  expect(await run()).toMatchObject({ asked: [], summary: { changed: 0, waiting: 0 } })

  host.clock.seconds = activatesAt
  const token = await mintToken(host, id)
  const currentDate = new Date(host.clock.seconds * 1000)
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
  const { protectedHeader } = await jwtVerify(token, keys, { issuer, currentDate })
  expect(protectedHeader.kid).toBe(successor?.kid)
  // And another one stands by at once.
  expect(await run()).toMatchObject({ asked: ['CreateKey', 'GetPublicKey'], summary: done })
  expect(records('rotation_run')).toHaveLength(7)
})

test('EventBridge says no more than that it is time', async () => {
  const { id } = await createIssuer(host)
  const event = {
    version: '0',
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '999988887777',
    resources: ['arn:aws:scheduler:eu-central-1:999988887777:schedule/default/marked'],
    detail: '{}',
  }
  expect(await invoke(event)).toMatchObject({ issuers: 1, changed: 1 })
  expect(stored(id).ring.keys).toHaveLength(2)
})

test('one issuer that fails is named, ends no other, and fails the run at its end', async () => {
  const [{ id: broken }, { id: whole }] = [await createIssuer(host), await createIssuer(host)]
  await host.breakIssuer(broken)
  await expect(invoke(ROTATE)).rejects.toThrow(
    new Error('the job "rotate" failed for 1 of 2 issuers: the log names them'),
  )
  expect(stored(whole).ring.keys).toHaveLength(2)
  const [{ code, issuer, ...others } = {}, ...more] = records('rotation_failed')
  expect([code, issuer, Object.keys(others), more]).toEqual([
    'document_corrupt',
    broken,
    ['level', 'event', 'problem'],
    [],
  ])
  expect(records('rotation_run')).toMatchObject([{ level: 'warn', issuers: 2, failed: 1 }])
})

test('a service that refuses fails the run without a word of it, and the next one goes on', async () => {
  const { id } = await createIssuer(host)
  host.kms.inject('CreateKey', kmsErrors.denied, 1000)
  await expect(invoke(ROTATE)).rejects.toThrow('failed for 1 of 1 issuers')
  host.kms.heal()
  expect(await invoke(ROTATE)).toMatchObject({ changed: 1, failed: 0 })
  expect(stored(id).ring.keys).toHaveLength(2)
})

test('storage that does not answer fails the run at once', async () => {
  await createIssuer(host)
  host.s3.inject('ListObjectsV2', { type: 'reset' }, 1000)
  await expect(invoke(ROTATE)).rejects.toThrow(
    new Error('the job "rotate" failed (storage_unavailable): the log says why'),
  )
  expect(records('job_failed')).toMatchObject([{ job: 'rotate', code: 'storage_unavailable' }])
})

test('a key that nobody heard of is swept a day later', async () => {
  const { id } = await createIssuer(host)
  host.kms.inject('CreateKey', { type: 'lost_answer' }, 1000)
  await expect(invoke(ROTATE)).rejects.toThrow('failed for 1 of 1 issuers')
  host.kms.heal()
  const [first] = stored(id).ring.keys
  const orphans = () =>
    host.kms.keys().filter(({ tags }) => {
      const slot = tags['signet:slot']
      return tags['signet:issuer'] === id && slot !== first?.slot
    })
  expect(orphans().map(({ state }) => state)).toEqual(['Enabled'])
  expect(await invoke(SWEEP)).toMatchObject({ issuers: 1, scheduled: 0, failed: 0 })
  host.clock.seconds += SWEEP_AFTER_SECONDS
  expect(await invoke(SWEEP)).toMatchObject({ issuers: 1, scheduled: 1, failed: 0 })
  expect(orphans().map(({ state }) => state)).toEqual(['PendingDeletion'])
  expect(await invoke(SWEEP)).toMatchObject({ issuers: 1, scheduled: 0, failed: 0 })
  expect(records('sweep_run')).toMatchObject([
    { level: 'info', scheduled: 0 },
    { level: 'info', scheduled: 1 },
    { level: 'info', scheduled: 0 },
  ])
  await mintToken(host, id)
})

test('ten runs at once make one key', async () => {
  const { id } = await createIssuer(host)
  const runs = await Promise.all(Array.from({ length: 10 }, () => invoke<RotationRun>(ROTATE)))
  expect(runs.reduce((sum, { changed }) => sum + changed, 0)).toBe(1)
  const { keys, leftovers } = stored(id).ring
  expect([keys.length, leftovers]).toEqual([2, []])
  const made = host.kms.keys().filter(({ tags }) => tags['signet:issuer'] === id)
  expect(made).toHaveLength(2)
})
