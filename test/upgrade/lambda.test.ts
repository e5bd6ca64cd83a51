/**
 * AWS: documents that earlier versions left in S3, under the functions of this one.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { timerDeadline } from '../../src/deadline.ts'
import { storeOver } from '../support/aws/s3-stores.ts'
import { bodyOf, control } from '../support/hosts/control-client.ts'
import { BASE_URL } from '../support/hosts/in-process.ts'
import { type LambdaInProcess, lambdaInProcess } from '../support/hosts/lambda-in-process.ts'
import { LAMBDA_DEPLOYMENT } from '../support/hosts/lambda-services.ts'
import { aPolicy } from '../support/stored-policies.ts'
import {
  DELETED,
  KEPT_FORMATS,
  KEPT_UNTIL,
  LIVING,
  publishedBy,
  storedBy,
} from './kept-documents.ts'

const PREFIX = `${LAMBDA_DEPLOYMENT}/`
const deadlines = { s3: timerDeadline, kms: timerDeadline, lambda: timerDeadline }

interface Member {
  readonly kid: string
}

interface Action {
  readonly type: string
  readonly kid?: string
}

/** Its second key signs. */
function withoutRevocation(body: string): string {
  return body.replace(/,"revokedAt":1800000030/, '')
}

describe.each(KEPT_FORMATS)('what format %i left in S3', (format) => {
  const before = storedBy(format, BASE_URL)
  let host: LambdaInProcess
  beforeEach(async () => {
    host = await lambdaInProcess(deadlines)
    host.clock.seconds = KEPT_UNTIL
    await store(before)
  })
  afterEach(() => host.close())

  async function store(documents: Readonly<Record<string, string>>): Promise<void> {
    const documentsIn = storeOver(host.s3, { prefix: PREFIX })
    for (const [key, body] of Object.entries(documents)) {
      const found = await documentsIn.get(key)
      const condition =
        found === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: found.etag }
      expect(await documentsIn.put(key, body, condition)).toBe('written')
    }
  }

  const bodyIn = (key: string): string => host.s3.objects()[`${PREFIX}${key}`] ?? ''
  const versionIn = (key: string) => (JSON.parse(bodyIn(key)) as { version: unknown }).version

  async function publishedKids(): Promise<string[]> {
    const { status, body } = await host.request('GET', `/${LIVING}/.well-known/jwks.json`)
    expect(status).toBe(200)
    return (JSON.parse(body) as { keys: Member[] }).keys.map(({ kid }) => kid)
  }

  test('is served, and not written by that', async () => {
    expect(await publishedKids()).toEqual(publishedBy(format))
    const discovery = await host.request('GET', `/${LIVING}/.well-known/openid-configuration`)
    expect(JSON.parse(discovery.body)).toMatchObject({ issuer: `${BASE_URL}/${LIVING}` })
    // Its only key that ever signed is revoked, and the next one was not seen for long enough.
    const health = await host.request('GET', `/${LIVING}/healthz`)
    expect(JSON.parse(health.body)).toMatchObject({ status: 'no_active_key', ringVersion: 1 })
    expect(Object.keys(before).map(bodyIn)).toEqual(Object.values(before))
  })

  test('is listed: who lives, and who was deleted', async () => {
    const living = await control(host, 'GET', '/issuers')
    expect(bodyOf(living)).toMatchObject({ issuers: [{ id: LIVING }] })
    const deleted = await control(host, 'GET', '/issuers?deleted=true')
    expect(bodyOf(deleted)).toMatchObject({ issuers: [{ id: DELETED }] })
  })

  test('is changed, and then of the present format', async () => {
    const json = { policy: { jwksMaxAgeSeconds: 300 } }
    const changed = await control(host, 'PATCH', `/issuers/${LIVING}`, { json })
    expect(changed.status, `answered ${changed.body}`).toBe(200)
    expect(versionIn(`issuers/${LIVING}`)).toBe(KEPT_FORMATS.at(-1))
    host.clock.seconds += 30
    expect(await publishedKids()).toEqual(publishedBy(format))
  })

  test('rotates on: a waiting key is seen, and one of the kind that is wanted follows', async () => {
    const key = `issuers/${LIVING}`
    await store({ [key]: withoutRevocation(bodyIn(key)) })
    const rotate = async () => {
      const answer = await control(host, 'POST', `/issuers/${LIVING}/rotate`)
      expect(answer.status, `answered ${answer.body}`).toBe(200)
      return bodyOf<{ readonly actions: readonly Action[] }>(answer)
    }
    const first = await rotate()
    // Format 3 has a key that is being made already, and that its successor was seen.
    const seen = format === 3 ? [] : [{ type: 'see', kid: 'kid-c' }]
    expect(first.actions).toMatchObject(seen)
    const json = { policy: { custody: 'kms', algorithm: 'ES256' } }
    const changed = await control(host, 'PATCH', `/issuers/${LIVING}`, { json })
    expect(changed.status, `answered ${changed.body}`).toBe(200)
    host.clock.seconds += 1300
    const created = (await rotate()).actions.find(({ type }) => type === 'create')
    expect(created).toMatchObject({ type: 'create', alg: 'ES256', custody: 'kms' })
    expect(versionIn(`issuers/${LIVING}`)).toBe(KEPT_FORMATS.at(-1))
    host.clock.seconds += 30
    expect(await publishedKids()).toContain(created?.kid)
  })

  test('stays deleted, whatever is asked of it', async () => {
    const key = `issuers/${DELETED}`
    const gone = async () => (await host.request('GET', `/${DELETED}/.well-known/jwks.json`)).status
    expect(await gone()).toBe(410)
    const patched = await control(host, 'PATCH', `/issuers/${DELETED}`, { json: { policy: {} } })
    expect(patched.status).toBe(410)
    const again = await control(host, 'POST', '/issuers', { json: { id: DELETED } })
    expect(again.status).toBe(410)
    await host.rotating.invoke({ version: 1, job: 'rotate' })
    expect(JSON.parse(bodyIn(key))).toMatchObject({ kind: 'tombstone', id: DELETED })
    expect(await gone()).toBe(410)
  })

  test('has its exchange policy, which is read and set anew', async () => {
    const path = `/issuers/${LIVING}/policy`
    const shown = await control(host, 'GET', path)
    expect(shown.status, `answered ${shown.body}`).toBe(200)
    expect(bodyOf(shown)).toMatchObject({ revision: 7 })
    const json = { policy: aPolicy() }
    const set = await control(host, 'PUT', path, { json })
    expect(set.status, `answered ${set.body}`).toBe(200)
    expect(JSON.parse(bodyIn(`policies/${LIVING}`))).toMatchObject({ version: 1, revision: 8 })
  })
})
