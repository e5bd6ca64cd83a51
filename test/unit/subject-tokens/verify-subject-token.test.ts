import { describe, expect, test } from 'vitest'
import {
  PUBLISHED_ALGORITHM_NAMES,
  type PublishedAlgorithmName,
} from '../../../src/crypto/published-algorithms.ts'
import type { JsonObject } from '../../../src/json.ts'
import { subjectVerifier } from '../../../src/subject-tokens/verify-subject-token.ts'
import { NOW } from '../../support/fixtures.ts'
import {
  base64Url,
  newSubjectKey,
  SUBJECT_AUDIENCE,
  SUBJECT_ISSUER,
  subjectClaims,
  type SubjectKey,
} from '../../support/subject-tokens.ts'
import { aSource, attempt, DISCOVERY, inline, outcomeOf, TOKEN_ENDPOINT } from './verifying.ts'

const KEYS = new Map(PUBLISHED_ALGORITHM_NAMES.map((alg) => [alg, newSubjectKey(alg)] as const))
const KEY = keyOf('ES256')
const SOURCE = aSource(inline(KEY))
const TRUST = { sources: [SOURCE] }

function keyOf(alg: PublishedAlgorithmName): SubjectKey {
  const key = KEYS.get(alg)
  if (key === undefined) throw new Error(`no key for ${alg}`)
  return key
}

function signed(changes: JsonObject, header: JsonObject = {}): string {
  return KEY.sign(subjectClaims(changes), header)
}

describe('a good subject token', () => {
  test('is verified, and said what it says', async () => {
    const { verification } = await attempt(signed({}), TRUST)
    expect(verification).toEqual({
      ok: true,
      verified: {
        source: SOURCE,
        claims: subjectClaims(),
        subject: 'system:serviceaccount:payments:api',
        audience: SUBJECT_AUDIENCE,
        expiresAt: NOW + 3600,
        jti: 'b5a1f2d0-6c1e-4d53-8f39-0d9f3f1c2a77',
        kid: KEY.kid,
      },
    })
    expect(verification.ok && verification.verified.source).toBe(SOURCE)
  })

  test.each(PUBLISHED_ALGORITHM_NAMES)('is verified with %s', async (alg) => {
    const key = keyOf(alg)
    const sources = [aSource(inline(key), { algorithms: [alg] })]
    const token = key.sign(subjectClaims())
    expect(await outcomeOf(token, { sources })).toBe('ok source')
    const changed = `${token.slice(0, -8)}AAAAAAAA`
    expect(await outcomeOf(changed, { sources })).toBe('signature_wrong')
  })

  test('does not change what is made of another one at the same time', async () => {
    const verifier = subjectVerifier({ remote: { keysOf: async () => ({ ok: true, keys: [] }) } })
    const expected = {
      ...TRUST,
      audiences: [SUBJECT_AUDIENCE],
      type: 'jwt',
      adopted: [],
      own: new Set<string>(),
    } as const
    const tokens = Array.from({ length: 40 }, (_, index) => {
      const token = signed({ sub: `sub-${index}` })
      if (index % 2 === 0) return token
      const [header, , signature] = token.split('.')
      return [header, base64Url(JSON.stringify(subjectClaims())), signature].join('.')
    })
    const all = await Promise.all(tokens.map((token) => verifier.verify(token, expected, NOW)))
    expect(all.map((one) => (one.ok ? one.verified.subject : one.refusal.reason))).toEqual(
      tokens.map((_, index) => (index % 2 === 0 ? `sub-${index}` : 'signature_wrong')),
    )
  })
})

describe('typ', () => {
  test.each([
    [undefined, 'ok source', 'ok source'],
    ['JWT', 'ok source', 'ok source'],
    ['jwt', 'ok source', 'ok source'],
    ['application/jwt', 'ok source', 'ok source'],
    ['Application/JWT', 'ok source', 'ok source'],
    ['at+jwt', 'type_refused', 'ok source'],
    ['AT+JWT', 'type_refused', 'ok source'],
    ['application/at+jwt', 'type_refused', 'ok source'],
    ['', 'type_refused', 'type_refused'],
    ['JOSE', 'type_refused', 'type_refused'],
    ['logout+jwt', 'type_refused', 'type_refused'],
    ['secevent+jwt', 'type_refused', 'type_refused'],
    ['dpop+jwt', 'type_refused', 'type_refused'],
    ['application/application/jwt', 'type_refused', 'type_refused'],
    ['JWT ', 'type_refused', 'type_refused'],
    ['xapplication/jwt', 'type_refused', 'type_refused'],
    ['at+jwt+jwt', 'type_refused', 'type_refused'],
  ])('%j', async (typ, asOther, asAccessToken) => {
    const token = signed({}, { typ })
    expect(await outcomeOf(token, { ...TRUST, type: 'jwt' })).toBe(asOther)
    expect(await outcomeOf(token, { ...TRUST, type: 'id_token' })).toBe(asOther)
    expect(await outcomeOf(token, { ...TRUST, type: 'access_token' })).toBe(asAccessToken)
  })

  test('is told with what is allowed', async () => {
    const { verification } = await attempt(signed({}, { typ: 'at+jwt' }), TRUST)
    expect(verification.ok ? '' : verification.refusal.detail).toContain(
      'must be JWT or absent, got "at+jwt"',
    )
    const other = await attempt(signed({}, { typ: 'JOSE' }), { ...TRUST, type: 'access_token' })
    expect(other.verification.ok ? '' : other.verification.refusal.detail).toContain(
      'must be JWT, at+jwt or absent, got "JOSE"',
    )
  })
})

describe('times', () => {
  test.each<[string, JsonObject, string]>([
    ['a second before its end', { exp: NOW + 1 }, 'ok source'],
    ['at its end', { exp: NOW }, 'expired'],
    ['a second after its end', { exp: NOW - 1 }, 'expired'],
    ['within the last second', { exp: NOW + 0.9 }, 'expired'],
    ['of the beginning of time', { exp: 0 }, 'expired'],
    ['issued 60 s ahead', { iat: NOW + 60 }, 'ok source'],
    ['issued 61 s ahead', { iat: NOW + 61 }, 'not_yet_valid'],
    ['issued a little further ahead', { iat: NOW + 60.1 }, 'not_yet_valid'],
    ['good from 60 s ahead', { nbf: NOW + 60 }, 'ok source'],
    ['good from 61 s ahead', { nbf: NOW + 61 }, 'not_yet_valid'],
    ['issued 61 s ahead without nbf', { iat: NOW + 61, nbf: undefined }, 'not_yet_valid'],
    ['issued now without nbf', { nbf: undefined }, 'ok source'],
    ['in milliseconds', { iat: NOW * 1000, exp: NOW * 1000 }, 'not_yet_valid'],
    ['as old as its source allows', { iat: NOW - 7200 }, 'ok source'],
    ['a second older', { iat: NOW - 7201 }, 'too_old'],
    ['older, though good since now', { iat: NOW - 7201, nbf: NOW }, 'too_old'],
  ])('%s', async (_title, changes, outcome) => {
    expect(await outcomeOf(signed(changes), TRUST)).toBe(outcome)
  })
})

describe('audience', () => {
  const both = [SUBJECT_AUDIENCE, TOKEN_ENDPOINT]
  test.each<[string, unknown, string]>([
    ['the issuer identifier', SUBJECT_AUDIENCE, 'ok source'],
    ['the issuer identifier in a list', [SUBJECT_AUDIENCE], 'ok source'],
    ['the token endpoint', TOKEN_ENDPOINT, 'ok source'],
    ['the token endpoint in a list', [TOKEN_ENDPOINT], 'ok source'],
    ['none', undefined, 'audience_refused'],
    ['an empty list', [], 'audience_refused'],
    ['an empty text', '', 'audience_refused'],
    ['both', both, 'audience_refused'],
    ['another one beside it', [SUBJECT_AUDIENCE, 'sts.amazonaws.com'], 'audience_refused'],
    ['the same one twice', [SUBJECT_AUDIENCE, SUBJECT_AUDIENCE], 'audience_refused'],
    ['STS', 'sts.amazonaws.com', 'audience_refused'],
    ['Entra', 'api://AzureADTokenExchange', 'audience_refused'],
    ['an API server', 'https://kubernetes.default.svc', 'audience_refused'],
    ['a trailing slash', `${SUBJECT_AUDIENCE}/`, 'audience_refused'],
    ['upper case', SUBJECT_AUDIENCE.toUpperCase(), 'audience_refused'],
    ['another issuer of the host', 'https://oidc.example.com/production', 'audience_refused'],
    ['its host', 'https://oidc.example.com', 'audience_refused'],
    ['both in one text', both.join(' '), 'audience_refused'],
    ['a number', 7, 'audience_refused'],
    ['null', null, 'audience_refused'],
    ['a list in a list', [[SUBJECT_AUDIENCE]], 'audience_refused'],
    ['an object', { 0: SUBJECT_AUDIENCE }, 'audience_refused'],
  ])('%s', async (_title, aud, outcome) => {
    expect(await outcomeOf(signed({ aud }), TRUST)).toBe(outcome)
  })

  test.each([
    [SUBJECT_AUDIENCE, SUBJECT_AUDIENCE, 'ok source'],
    [SUBJECT_AUDIENCE, TOKEN_ENDPOINT, 'audience_refused'],
    [TOKEN_ENDPOINT, TOKEN_ENDPOINT, 'ok source'],
    [TOKEN_ENDPOINT, SUBJECT_AUDIENCE, 'audience_refused'],
    ['https://elsewhere.example', 'https://elsewhere.example', 'audience_refused'],
  ])('a source that wants %s, a token for %s', async (audience, aud, outcome) => {
    const sources = [aSource(inline(KEY), { audience })]
    expect(await outcomeOf(signed({ aud }), { sources })).toBe(outcome)
  })
})

describe('what is wrong with a token is found before any key is looked for', () => {
  test.each<[string, JsonObject, JsonObject, string]>([
    ['header', {}, { jku: 'https://evil.example' }, 'header_refused'],
    ['algorithm', {}, { alg: 'none' }, 'algorithm_refused'],
    ['type', {}, { typ: 'JOSE' }, 'type_refused'],
    ['claims', { sub: 7 }, {}, 'claims_refused'],
    ['end', { exp: NOW }, {}, 'expired'],
    ['beginning', { iat: NOW + 99 }, {}, 'not_yet_valid'],
    ['audience', { aud: 'another' }, {}, 'audience_refused'],
  ])('%s', async (_title, claims, header, reason) => {
    const { verification, asked } = await attempt(signed(claims, header), {
      sources: [aSource(DISCOVERY)],
    })
    expect(verification).toMatchObject({ ok: false, refusal: { reason } })
    expect(asked).toEqual([])
  })

  test('and what the token says of itself is told', async () => {
    const token = signed({ exp: NOW, jti: undefined })
    const { verification } = await attempt(token, TRUST)
    expect(verification.ok ? undefined : verification.refusal.claimed).toEqual({
      issuer: SUBJECT_ISSUER,
      subject: 'system:serviceaccount:payments:api',
      kid: KEY.kid,
    })
  })
})
