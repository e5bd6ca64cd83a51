/**
 * Keys, bodies and queries that are not adopted: one sentence each, and nothing changed.
 */

import { beforeAll, expect, test } from 'vitest'
import {
  adopt,
  adoptedIn,
  type AdoptRequest,
  control,
  createIssuer,
  createPublishOnly,
  publishedKids,
} from '../../support/hosts/control-client.ts'
import { clusterKey, clusterKeys, jwkSet } from '../../support/hosts/cluster-keys.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { BAD_BODIES, BAD_KEYS } from './adopted-keys-bad.ts'
import { type ExpectedRefusal, leavingUnchanged, refusalProblems } from './refusals.ts'

/** A promise to clients, so it is said here again. */
const BODY_BYTES_MAX = 262_144

const good = () => clusterKey('P-256').jwk
const rsa = () => clusterKey(2048).jwk
const pem = () => clusterKey('P-256').pem

const BAD_QUERIES: [title: string, query: string, says: string][] = [
  ['an unknown parameter', '?evil=1', 'unknown query parameter "evil": known are kid, ret'],
  ['another case', '?Kid=x', 'unknown query parameter "Kid"'],
  ['the prototype', '?__proto__=x', 'unknown query parameter "__proto__"'],
  ['two kids', '?kid=a&kid=b', 'must be given once'],
  ['two retentions', '?retentionSeconds=1&retentionSeconds=1', 'must be given once'],
  ['an empty retention', '?retentionSeconds=', 'from 0 to 31536000, got ""'],
  ['a negative retention', '?retentionSeconds=-1', 'from 0 to 31536000, got "-1"'],
  ['half a second', '?retentionSeconds=0.5', 'from 0 to 31536000, got "0.5"'],
  ['a power of ten', '?retentionSeconds=1e3', 'from 0 to 31536000, got "1e3"'],
  ['too long', '?retentionSeconds=31536001', 'from 0 to 31536000, got "31536001"'],
  ['for ever', '?retentionSeconds=99999999999', 'from 0 to 31536000, got "99999999999"'],
]

export function describeAdoptedKeysRefusals(getHost: () => TestHost): void {
  let shared = ''
  let ownKid = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
    ;[ownKid = ''] = await publishedKids(getHost(), shared)
    await adopt(getHost(), shared, { keys: { keys: [{ ...rsa(), kid: 'taken' }] } })
  })

  async function problems(
    request: AdoptRequest,
    says: string,
    refusal: Partial<ExpectedRefusal> = {},
  ): Promise<string[]> {
    const response = await leavingUnchanged(getHost(), shared, () =>
      adopt(getHost(), shared, request),
    )
    const expected = { status: 400, error: 'invalid_request', says, ...refusal }
    return refusalProblems(response, expected)
  }

  test.each(BAD_KEYS)('refuses %s, alone and among good ones', async (_title, key, says) => {
    expect(await problems({ keys: key() }, says)).toStrictEqual([])
    const keys = [clusterKey('P-384').jwk, key(), clusterKey('P-521').jwk]
    expect(await problems({ keys: { keys } }, says)).toStrictEqual([])
    expect(await problems({ keys: { keys } }, 'key 2')).toStrictEqual([])
  })

  test.each(BAD_BODIES)('refuses %s', async (_title, request, says) => {
    expect(await problems(request(), says)).toStrictEqual([])
  })

  test.each(BAD_QUERIES)('refuses %s', async (_title, query, says) => {
    expect(await problems({ keys: jwkSet(clusterKey('P-384')), query }, says)).toStrictEqual([])
  })

  test('refuses a kid that already names another key', async () => {
    const keys = { ...good(), kid: 'taken' }
    expect(await problems({ keys }, '(kid "taken") has a kid that already')).toStrictEqual([])
    const query = '?kid=taken'
    expect(await problems({ keys: pem(), query }, 'has a kid that already')).toStrictEqual([])
  })

  test('refuses a kid that names the same key with another alg', async () => {
    const keys = { ...rsa(), kid: 'taken', alg: 'RS384' }
    expect(await problems({ keys }, 'has a kid that already')).toStrictEqual([])
  })

  test('refuses a kid that names a key that was withdrawn', async () => {
    const { id } = await createPublishOnly(getHost())
    await adopt(getHost(), id, { keys: { ...good(), kid: 'old' } })
    await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-384')) })
    const response = await leavingUnchanged(getHost(), id, () =>
      adopt(getHost(), id, { keys: { ...clusterKey('P-521').jwk, kid: 'old' } }),
    )
    const refusal = { status: 400, error: 'invalid_request', says: 'has a kid that already' }
    expect(refusalProblems(response, refusal)).toStrictEqual([])
  })

  test('refuses one kid for two keys of a set', async () => {
    const keys = [good(), { ...clusterKey('P-384').jwk, kid: good().kid }]
    expect(await problems({ keys: { keys } }, 'has the kid of another key')).toStrictEqual([])
  })

  test('refuses the issuer’s own key, whatever it is called, and its kid for another key', async () => {
    const own = (await publishedSet(shared)).find(({ kid }) => kid === ownKid) ?? {}
    const says = "is or was this issuer's own key"
    expect(await problems({ keys: own }, says)).toStrictEqual([])
    expect(await problems({ keys: { ...own, kid: 'other' } }, says)).toStrictEqual([])
    const taken = { ...good(), kid: ownKid }
    expect(await problems({ keys: taken }, 'has a kid that already')).toStrictEqual([])
  })

  test('refuses an empty set where it is all that an issuer publishes', async () => {
    const { id } = await createPublishOnly(getHost())
    await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
    const response = await leavingUnchanged(getHost(), id, () =>
      adopt(getHost(), id, { keys: { keys: [] }, query: '?retentionSeconds=0' }),
    )
    const says = `issuer ${id} publishes adopted keys alone`
    const refusal = { status: 400, error: 'invalid_request', says }
    expect(refusalProblems(response, refusal)).toStrictEqual([])
  })

  test('refuses keys that are too many only with the withdrawn ones', async () => {
    const { id } = await createPublishOnly(getHost())
    await adopt(getHost(), id, { keys: jwkSet(...clusterKeys(60)) })
    const others = jwkSet(...clusterKeys(97).slice(60))
    const response = await leavingUnchanged(getHost(), id, () =>
      adopt(getHost(), id, { keys: others }),
    )
    const says = 'got 37, which leaves 97'
    const refusal = { status: 400, error: 'invalid_request', says }
    expect(refusalProblems(response, refusal)).toStrictEqual([])
    const query = '?retentionSeconds=0'
    expect((await adopt(getHost(), id, { keys: others, query })).status).toBe(200)
  })

  test.each([
    'text/plain',
    'application/pem-certificate-chain',
    'application/x-pem-file, application/json',
    'application/x-www-form-urlencoded',
  ])('refuses the media type %s', async (type) => {
    const refusal = { status: 415, error: 'unsupported_media_type' }
    const says = 'application/jwk-set+json, application/json, application/jwk+json'
    expect(await problems({ keys: pem(), type }, says, refusal)).toStrictEqual([])
  })

  test('refuses a body without a media type', async () => {
    const body = new Uint8Array(Buffer.from(pem()))
    const response = await leavingUnchanged(getHost(), shared, () =>
      control(getHost(), 'PUT', `/issuers/${shared}/adopted-keys`, { body }),
    )
    const says = 'must have Content-Type'
    const refusal = { status: 415, error: 'unsupported_media_type', says }
    expect(refusalProblems(response, refusal)).toStrictEqual([])
  })

  test('refuses a body that is not UTF-8', async () => {
    const headers = { 'Content-Type': 'application/json' }
    const body = Uint8Array.of(0x7b, 0xff, 0x7d)
    const response = await leavingUnchanged(getHost(), shared, () =>
      control(getHost(), 'PUT', `/issuers/${shared}/adopted-keys`, { headers, body }),
    )
    const says = 'the body must be text in UTF-8'
    const refusal = { status: 400, error: 'invalid_request', says }
    expect(refusalProblems(response, refusal)).toStrictEqual([])
  })

  test('refuses a body over the limit, and takes one of it', async () => {
    const refusal = { status: 413, error: 'body_too_large' }
    const long = pem().padEnd(BODY_BYTES_MAX + 1)
    expect(await problems({ keys: long }, `${BODY_BYTES_MAX} bytes`, refusal)).toStrictEqual([])
    const { id } = await createPublishOnly(getHost())
    expect((await adopt(getHost(), id, { keys: pem().padEnd(BODY_BYTES_MAX) })).status).toBe(200)
  })

  async function publishedSet(id: string): Promise<{ kid?: string }[]> {
    const { body } = await getHost().request('GET', `/${id}/.well-known/jwks.json`)
    return (JSON.parse(body) as { keys: { kid?: string }[] }).keys
  }

  test('nothing of all that was adopted', async () => {
    const read = await control(getHost(), 'GET', `/issuers/${shared}`)
    expect(adoptedIn(read).map(({ kid }) => kid)).toStrictEqual(['taken'])
  })
}
