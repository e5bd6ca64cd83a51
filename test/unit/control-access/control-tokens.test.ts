import { beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import type { ControlGrant } from '../../../src/control-access/control-grant.ts'
import { type ControlTokens, controlTokens } from '../../../src/control-access/control-tokens.ts'
import { Fault } from '../../../src/errors.ts'
import type { JsonObject } from '../../../src/json.ts'
import { locationKey, locationOf } from '../../../src/locations/issuer-location.ts'
import { claimantOf } from '../../../src/locations/location-claims.ts'
import { formatLocationClaim } from '../../../src/locations/location-claim-codec.ts'
import type { RemoteKeySets } from '../../../src/subject-tokens/key-sets.ts'
import { subjectVerifier } from '../../../src/subject-tokens/verify-subject-token.ts'
import { NOW } from '../../support/fixtures.ts'
import { newSubjectKey, subjectClaims } from '../../support/subject-tokens.ts'

const AUDIENCE = 'https://oidc.example.com/control'
const CI = 'https://ci.example.net'
const key = newSubjectKey()
const remoteKey = newSubjectKey('RS256')

const GRANT: ControlGrant = {
  name: 'ci',
  issuer: CI,
  keys: { jwks: { keys: [key.jwk] } },
  algorithms: ['ES256'],
  condition: 'claims.sub.startsWith("job:") && entry.name == "ci"',
  allows: [{ actions: ['rotate'], issuers: ['prod'] }],
}
const DISCOVERED: ControlGrant = {
  ...GRANT,
  name: 'sync',
  issuer: 'https://sync.example.net',
  keys: { discovery: true },
  algorithms: ['RS256'],
  condition:
    'request.audience == "https://oidc.example.com/control" && request.subjectTokenType == "access_token" && claims.flag',
}

const store = memoryStore()
let doesStorageAnswer = true
let remoteAnswer: Awaited<ReturnType<RemoteKeySets['keysOf']>> = { ok: true, keys: [] }
let logged: unknown[] = []

beforeEach(() => {
  doesStorageAnswer = true
  remoteAnswer = { ok: true, keys: [remoteKey] }
  logged = []
})

function tokensOf(grants: readonly ControlGrant[] = [GRANT, DISCOVERED]): ControlTokens {
  return controlTokens({
    grants,
    publicUrl: 'https://oidc.example.com',
    verifier: subjectVerifier({ remote: { keysOf: async () => remoteAnswer } }),
    claimantOf: async (location) => {
      if (!doesStorageAnswer) throw new Fault('storage_unavailable', 'no answer')
      return claimantOf(store, location)
    },
    clock: { now: () => NOW },
    log: (level, event, fields) => logged.push({ level, event, ...fields }),
  })
}

function claims(changes: JsonObject = {}): JsonObject {
  return subjectClaims({ iss: CI, sub: 'job:1', aud: AUDIENCE, ...changes })
}

test('a token of a trusted issuer opens what its grant allows', async () => {
  expect(await tokensOf().judge(key.sign(claims()), 'digest')).toEqual({
    token: {
      sha256: 'digest',
      verified: {
        grant: 'ci',
        issuer: CI,
        subject: 'job:1',
        audience: AUDIENCE,
        jti: claims()['jti'],
        kid: key.kid,
      },
    },
    principal: { kind: 'token', allows: GRANT.allows },
  })
})

test('so does one whose keys are discovered, and an access token by its type', async () => {
  const given = claims({ iss: DISCOVERED.issuer, sub: 'any', flag: true, jti: undefined })
  for (const typ of ['JWT', 'at+jwt', undefined]) {
    const { principal, token } = await tokensOf().judge(remoteKey.sign(given, { typ }), 'digest')
    expect([principal?.kind, token?.verified?.grant]).toEqual(['token', 'sync'])
  }
})

describe('before its signature is verified a token is known by its digest alone', () => {
  test.each<[string, JsonObject, string]>([
    ['for the host', { aud: 'https://oidc.example.com' }, 'audience_refused'],
    ['with a slash more', { aud: `${AUDIENCE}/` }, 'audience_refused'],
    [
      'with the host in upper case',
      { aud: 'https://OIDC.example.com/control' },
      'audience_refused',
    ],
    ['for an issuer', { aud: 'https://oidc.example.com/prod' }, 'audience_refused'],
    ['for an endpoint', { aud: 'https://oidc.example.com/prod/token' }, 'audience_refused'],
    ['for AWS', { aud: 'sts.amazonaws.com' }, 'audience_refused'],
    ['for two', { aud: [AUDIENCE, 'sts.amazonaws.com'] }, 'audience_refused'],
    ['that has expired this second', { exp: NOW }, 'expired'],
    ['of the future', { iat: NOW + 61 }, 'not_yet_valid'],
    ['of nobody known', { iss: 'https://other.example.net' }, 'issuer_unknown'],
    ['of its issuer with a slash', { iss: `${CI}/` }, 'issuer_unknown'],
    ['of an issuer without this key', { iss: DISCOVERED.issuer }, 'key_unknown'],
  ])('one %s', async (_title, changes, reason) => {
    const access = await tokensOf().judge(key.sign(claims(changes)), 'digest')
    expect(access).toMatchObject({ token: { sha256: 'digest' }, refusal: { reason } })
    expect(Object.keys(access)).toEqual(['token', 'refusal'])
    expect(Object.keys(access.token ?? {})).toEqual(['sha256'])
    expect(JSON.stringify(access)).not.toContain('job:1')
  })

  test('one with the key of another', async () => {
    const other = newSubjectKey('ES256', key.kid)
    const { principal, refusal } = await tokensOf().judge(other.sign(claims()), 'digest')
    expect([principal, refusal?.reason]).toEqual([undefined, 'signature_wrong'])
  })

  test('one whose keys cannot be had', async () => {
    remoteAnswer = { ok: false, message: 'nobody answers' }
    const token = remoteKey.sign(claims({ iss: DISCOVERED.issuer }))
    expect(await tokensOf().judge(token, 'digest')).toMatchObject({
      refusal: { reason: 'key_set_unavailable' },
    })
  })
})

describe('a verified token is refused', () => {
  test.each<[string, JsonObject, string, string]>([
    ['whose condition is false', { sub: 'someone' }, 'ci', 'condition_not_met'],
    ['whose condition fails', { iss: DISCOVERED.issuer }, 'sync', 'expression_failed'],
    [
      'whose condition is a text',
      { iss: DISCOVERED.issuer, flag: 'true' },
      'sync',
      'expression_failed',
    ],
    [
      'whose condition is false by a claim',
      { iss: DISCOVERED.issuer, flag: false },
      'sync',
      'condition_not_met',
    ],
  ])('%s', async (_title, changes, grant, reason) => {
    const signer = grant === 'ci' ? key : remoteKey
    const { principal, token, refusal } = await tokensOf().judge(signer.sign(claims(changes)), 'd')
    expect(principal).toBeUndefined()
    expect([token?.verified?.grant, refusal?.reason]).toEqual([grant, reason])
  })

  test.each([1, 'true', [true], null, {}])('where the condition is %j', async (flag) => {
    const condition = 'claims.flag'
    const { principal } = await tokensOf([{ ...GRANT, condition }]).judge(
      key.sign(claims({ flag })),
      'd',
    )
    expect(principal).toBeUndefined()
  })

  test('that was issued longer ago than its grant allows', async () => {
    const tokens = tokensOf([{ ...GRANT, maxAgeSeconds: 600 }])
    const young = await tokens.judge(key.sign(claims({ iat: NOW - 600 })), 'd')
    const old = await tokens.judge(key.sign(claims({ iat: NOW - 601 })), 'd')
    expect([young.principal?.kind, old.refusal?.reason]).toEqual(['token', 'too_old'])
  })

  test.each([
    ['https://claimed.example.net/prod', 'https://claimed.example.net/prod'],
    ['https://root.example.net', 'https://root.example.net'],
    ['https://slash.example.net', 'https://slash.example.net/'],
    ['https://slash.example.net/prod', 'https://slash.example.net/prod/'],
    ['https://case.example.net', 'https://CASE.example.net'],
  ])('of %s, an issuer of this installation', async (claimed, issuer) => {
    const tokens = tokensOf([{ ...GRANT, issuer }])
    const token = key.sign(claims({ iss: issuer }))
    expect((await tokens.judge(token, 'd')).principal?.kind).toBe('token')
    const location = locationOf(claimed)
    const claim = formatLocationClaim({ location, id: 'corporate', claimedAt: NOW })
    await store.put(locationKey(location), claim, { ifNoneMatch: '*' })
    const { principal, refusal } = await tokens.judge(token, 'd')
    expect([principal, refusal?.reason]).toEqual([undefined, 'own_issuer'])
    expect(refusal?.detail).toContain('issuer corporate of this installation')
  })

  test('nobody while storage does not say whose an issuer is', async () => {
    doesStorageAnswer = false
    await expect(tokensOf().judge(key.sign(claims()), 'd')).rejects.toThrow(Fault)
    // Storage is not asked for what is refused anyway.
    expect(await tokensOf().judge(key.sign(claims({ exp: NOW })), 'd')).toMatchObject({
      refusal: { reason: 'expired' },
    })
  })
})

describe('keys that are of no use', () => {
  const bad: ControlGrant = {
    ...GRANT,
    name: 'bad',
    issuer: 'https://bad.example.net',
    keys: { jwks: { keys: [{ kty: 'oct', k: 'marked-secret' }] } },
  }

  test('make their grant unusable, are logged once, and leave the others', async () => {
    const tokens = tokensOf([bad, GRANT])
    const given = claims({ iss: bad.issuer })
    expect((await tokens.judge(key.sign(given), 'd')).refusal?.reason).toBe('issuer_unknown')
    expect((await tokens.judge(key.sign(claims()), 'd')).principal?.kind).toBe('token')
    expect(logged).toEqual([
      {
        level: 'error',
        event: 'configuration_refused',
        problem: expect.stringContaining('CONTROL_TRUST.0.keys.jwks.keys.0 '),
      },
    ])
    expect(JSON.stringify(logged)).not.toContain('marked')
  })

  test('are those of two grants', async () => {
    const tokens = tokensOf([GRANT, { ...GRANT, name: 'twin', issuer: 'https://twin.example.net' }])
    expect((await tokens.judge(key.sign(claims()), 'd')).refusal?.reason).toBe('key_ambiguous')
    expect(JSON.stringify(logged)).toContain('CONTROL_TRUST has one key in ci and in twin')
  })

  test('are logged once by requests that come together', async () => {
    const tokens = tokensOf([bad])
    await Promise.all([1, 2, 3].map(() => tokens.judge(key.sign(claims()), 'd')))
    expect(logged).toHaveLength(1)
  })
})
