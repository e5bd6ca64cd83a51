/**
 * The function that rotates, as it is deployed, asked by the function of operators; and what it refuses.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RotationReport } from '../../src/keyring/rotation-report.ts'
import type { SweepReport } from '../../src/keyring/sweep-report.ts'
import { SWEEP_AFTER_SECONDS } from '../../src/limits.ts'
import { kmsErrors } from '../support/aws/kms-fake.ts'
import { bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { invokeRotate, logRecords, storedIssuer } from './rotating-function.ts'

const DAY_SECONDS = 86_400

let host: LambdaHost
beforeAll(async () => {
  host = await lambdaHost()
})
afterAll(() => host.close())

const invoke = (event: unknown) => invokeRotate(host, event)
const stored = (id: string) => storedIssuer(host, id)

describe('asked by the function of operators', () => {
  test('says what it did, and what it would do', async () => {
    const { id } = await createIssuer(host)
    const rotate = async (json?: object) => {
      const answer = await control(host, 'POST', `/issuers/${id}/rotate`, { json })
      expect(answer.status, `answered ${answer.body}`).toBe(200)
      return bodyOf<RotationReport>(answer)
    }
    const planned = await rotate({ dryRun: true })
    expect(planned).toMatchObject({ dryRun: true, actions: [{ type: 'create' }] })
    expect(stored(id).ring.keys).toHaveLength(1)
    const done = await rotate()
    expect(done).toMatchObject({ dryRun: false, actions: [{ type: 'create' }] })
    expect(stored(id).ring.keys[1]?.kid).toBe(
      done.actions[0]?.type === 'create' && done.actions[0].kid,
    )
    expect(done.revision).toBe(stored(id).revision)
  })

  test('takes what was seen elsewhere, at the moment at which it was told', async () => {
    const { id } = await createIssuer(host)
    await control(host, 'POST', `/issuers/${id}/rotate`)
    const { headers, body } = await host.request('GET', `/${id}/.well-known/jwks.json`)
    const observation = {
      ringVersion: Number(headers['signet-ring-version']),
      jwks: JSON.parse(body) as unknown,
    }
    const [reads, told] = [host.entrance.asked.length, host.clock.seconds]
    const answer = await control(host, 'POST', `/issuers/${id}/rotate`, { json: { observation } })
    const kid = stored(id).ring.keys[1]?.kid
    expect(bodyOf(answer)).toMatchObject({ actions: [{ type: 'see', kid, firstSeenAt: told }] })
    expect(host.entrance.asked).toHaveLength(reads)
  })

  test('sweeps, for a deleted issuer too', async () => {
    const { id } = await createIssuer(host)
    const deleted = await control(host, 'DELETE', `/issuers/${id}`)
    expect(deleted.status).toBe(200)
    host.clock.seconds += SWEEP_AFTER_SECONDS
    const sweep = async (json?: object) => {
      const answer = await control(host, 'POST', `/issuers/${id}/sweep`, { json })
      expect(answer.status, `answered ${answer.body}`).toBe(200)
      return bodyOf<SweepReport>(answer)
    }
    const outcome = 'deletion_scheduled'
    for (const dryRun of [true, false]) {
      const deletedAt = host.clock.seconds + 7 * DAY_SECONDS
      const swept = await sweep({ windowDays: 7, dryRun })
      expect(swept).toMatchObject({ dryRun, entries: [{ outcome, deletedAt, isNew: true }] })
    }
    const takeBack = host.kms.keys().find(({ tags }) => tags['signet:issuer'] === id)?.tags[
      'signet:slot'
    ]
    expect(await sweep({ takeBack })).toMatchObject({ entries: [{ outcome: 'kept', isNew: true }] })
    expect(await invoke({ version: 1, sweep: id })).toMatchObject({
      report: { entries: [{ outcome: 'kept', isNew: false }] },
    })
  })

  test('says nothing of an issuer that is not there', async () => {
    const nothing = { status: 'done', report: null }
    expect(await invoke({ version: 1, issuer: 'nobody' })).toEqual(nothing)
    expect(await invoke({ version: 1, sweep: 'nobody' })).toEqual(nothing)
  })

  test('names a fault by its code alone', async () => {
    const { id } = await createIssuer(host)
    host.kms.inject('CreateKey', kmsErrors.denied, 1000)
    expect(await invoke({ version: 1, issuer: id })).toEqual({
      status: 'failed',
      code: 'key_service_refused',
    })
    host.kms.heal()
    const failed = logRecords(host, 'rotation_failed')
    expect(failed).toMatchObject([{ issuer: id, code: 'key_service_refused' }])
  })
})

test.each([
  ['nothing', null],
  [
    'a request',
    { version: '2.0', rawPath: '/marked', requestContext: { http: { method: 'GET' } } },
  ],
  ['another job', { version: 1, job: 'marked-destroy' }],
  [
    'a schedule without input that has a job as well',
    { 'detail-type': 'Scheduled Event', source: 'aws.scheduler', job: 'sweep' },
  ],
  [
    'what was seen, with a moment that nobody can check',
    { version: 1, issuer: 'prod', observation: { at: 9e15, ringVersion: 1, jwks: { keys: [] } } },
  ],
  ['what is taken back from no place', { version: 1, sweep: 'prod', takeBack: '' }],
  ['messages of a queue', { Records: [{ eventSource: 'aws:sqs', body: '{"job":"rotate"}' }] }],
])('refuses %s, and does nothing', async (_title, event) => {
  await createIssuer(host)
  const before = [host.s3.calls.length, host.kms.calls.length]
  const lines = host.logLines().length
  await expect(invoke(event)).rejects.toThrow('a rotation takes {"version": 1, "job": ')
  expect([host.s3.calls.length, host.kms.calls.length]).toEqual(before)
  expect(host.logLines()).toHaveLength(lines)
})
