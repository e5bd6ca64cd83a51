/**
 * Minting through the control API: the two forms of a subject, lifetimes, further claims, refusals.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import {
  TOKEN_BACKDATE_SECONDS,
  TOKEN_CHARS_MAX,
  TOKEN_TTL_DEFAULT_SECONDS,
} from '../../../src/limits.ts'
import {
  bodyOf,
  claimsOf,
  control,
  createIssuer,
  mintToken,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { leavingUnchanged, refusalProblems } from './refusals.ts'

const PLAIN = { subject: 'someone', audience: 'sts.amazonaws.com' }
const SERVICE_ACCOUNT = { namespace: 'shop', name: 'web.front', uid: 'f1e2' }
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const TTL_MAX = 7200
const RESERVED_CLAIMS = 'iss sub aud exp nbf iat jti azp kubernetes.io'.split(' ')

export function describeMint(getHost: () => TestHost): void {
  let id = ''
  let issuer = ''

  beforeAll(async () => {
    ;({ id, issuer } = await createIssuer(getHost(), { tokenTtlMaxSeconds: TTL_MAX }))
  })

  const mint = (request: unknown) =>
    control(getHost(), 'POST', `/issuers/${id}/tokens`, { json: request })

  const claims = async (request: object = {}) => claimsOf(await mintToken(getHost(), id, request))

  describe('a token', () => {
    test('of a plain subject has exactly the claims of the issuer', async () => {
      const { iat, jti, ...others } = await claims(PLAIN)
      expect(jti).toMatch(UUID)
      expect(others).toStrictEqual({
        iss: issuer,
        sub: 'someone',
        aud: 'sts.amazonaws.com',
        nbf: iat,
        exp: Number(iat) + TOKEN_TTL_DEFAULT_SECONDS,
      })
    })

    test('of a service account is as Kubernetes makes them', async () => {
      const request = { serviceAccount: SERVICE_ACCOUNT, audience: 'sts.amazonaws.com' }
      const response = await mint(request)
      expect(response.status).toBe(201)
      const { iat, jti, ...others } = claimsOf(bodyOf<{ token: string }>(response).token)
      expect(jti).toMatch(UUID)
      expect(others).toStrictEqual({
        iss: issuer,
        sub: 'system:serviceaccount:shop:web.front',
        aud: ['sts.amazonaws.com'],
        nbf: iat,
        exp: Number(iat) + TOKEN_TTL_DEFAULT_SECONDS,
        'kubernetes.io': {
          namespace: 'shop',
          serviceaccount: { name: 'web.front', uid: 'f1e2' },
        },
      })
    })

    test('of a service account without a UID says none', async () => {
      const { uid: _uid, ...serviceAccount } = SERVICE_ACCOUNT
      const response = await mint({ serviceAccount, audience: 'a' })
      const { 'kubernetes.io': kubernetes } = claimsOf(bodyOf<{ token: string }>(response).token)
      expect(kubernetes).toStrictEqual({
        namespace: 'shop',
        serviceaccount: { name: 'web.front' },
      })
    })

    test('is answered with what it says', async () => {
      const response = await mint(PLAIN)
      expect(response.headers['cache-control']).toBe('no-store')
      const { token, expiresIn, kid, alg, ...said } = bodyOf<{ token: string; expiresIn: number }>(
        response,
      ) as Record<string, unknown> & { token: string }
      const { iss, sub, aud, exp, jti } = claimsOf(token)
      expect(said).toStrictEqual({ iss, sub, aud, exp, jti })
      expect(expiresIn).toBe(TOKEN_TTL_DEFAULT_SECONDS - TOKEN_BACKDATE_SECONDS)
      const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')
      expect(JSON.parse(header)).toStrictEqual({ alg, kid, typ: 'JWT' })
    })

    test('is never the same twice', async () => {
      const [first, second] = [await claims(), await claims()]
      expect(first['jti']).not.toBe(second['jti'])
    })

    test.each([60, 61, 3600, TTL_MAX])('lives %i seconds when asked to', async (ttlSeconds) => {
      const { exp, iat } = await claims({ ttlSeconds })
      expect(Number(exp) - Number(iat)).toBe(ttlSeconds)
    })

    test('lives no longer than its issuer allows when nothing is asked for', async () => {
      const short = await createIssuer(getHost(), { tokenTtlMaxSeconds: 600 })
      const { exp, iat } = claimsOf(await mintToken(getHost(), short.id))
      expect(Number(exp) - Number(iat)).toBe(600)
    })

    test('keeps the further claims as they are', async () => {
      const further = {
        'https://aws.amazon.com/tags': { principal_tags: { team: ['web'] } },
        email: 'someone@example.com',
        nothing: null,
        toString: 'text',
        constructor: [1, 2.5, true],
        größe: '\u00e9\ud83d\udd11',
        exact: Number.MAX_SAFE_INTEGER,
      }
      expect(await claims({ claims: further })).toMatchObject(further)
    })
  })

  describe('refusals', () => {
    const LINE = 'printable characters without spaces at its ends'
    const EITHER = 'the body must have either subject or serviceAccount'
    const TTL = 'ttlSeconds must be a whole number of seconds, at least 60'
    const { audience } = PLAIN
    const both = { ...PLAIN, serviceAccount: SERVICE_ACCOUNT }
    const account = (change: object) => ({
      audience,
      serviceAccount: { ...SERVICE_ACCOUNT, ...change },
    })

    test.each<[title: string, request: object, says: string]>([
      ['neither form of subject', { audience }, `${EITHER}, got neither`],
      ['both forms of subject', both, `${EITHER}, got both`],
      ['an empty subject', { audience, subject: '' }, `subject must be 1 to 600 ${LINE}`],
      ['a subject with a space', { audience, subject: ' s' }, `subject must be 1 to 600 ${LINE}`],
      ['a subject of two lines', { audience, subject: 'a\nb' }, `subject must be 1 to 600 ${LINE}`],
      ['a long subject', { audience, subject: 'a'.repeat(601) }, 'subject must be 1 to 600'],
      [
        'a subject that turns the line round',
        { audience, subject: 'a\u202eb' },
        String.raw`subject must be 1 to 600 ${LINE}, got "a\u{202e}b"`,
      ],
      ['half a surrogate', { audience, subject: '\ud800' }, `subject must be 1 to 600 ${LINE}`],
      ['a subject that is a list', { audience, subject: ['a'] }, 'subject must be 1 to 600'],
      ['no audience', { subject: 's' }, `audience must be 1 to 255 ${LINE}, got nothing`],
      ['an empty audience', { ...PLAIN, audience: '' }, `audience must be 1 to 255 ${LINE}`],
      ['two audiences', { ...PLAIN, audience: ['a', 'b'] }, 'audience must be 1 to 255'],
      ['a long audience', { ...PLAIN, audience: 'a'.repeat(256) }, 'audience must be 1 to 255'],
      [
        'an account without a namespace',
        account({ namespace: undefined }),
        'serviceAccount.namesp',
      ],
      ['a namespace in upper case', account({ namespace: 'Shop' }), 'a DNS label'],
      ['a namespace with a colon', account({ namespace: 'a:b' }), 'a DNS label'],
      ['a name with a colon', account({ name: 'a:b' }), 'a DNS name'],
      ['a name with a slash', account({ name: 'a/b' }), 'a DNS name'],
      ['an empty UID', account({ uid: '' }), 'serviceAccount.uid must be 1 to'],
      ['an unknown member of it', account({ pod: 'x' }), 'known are namespace, name, uid'],
      ['an account that is null', { audience, serviceAccount: null }, 'must be a JSON object'],
      ['no time at all', { ...PLAIN, ttlSeconds: 0 }, `${TTL}, got 0`],
      ['too little time', { ...PLAIN, ttlSeconds: 59 }, `${TTL}, got 59`],
      ['half a second', { ...PLAIN, ttlSeconds: 60.5 }, `${TTL}, got 60.5`],
      ['a time as text', { ...PLAIN, ttlSeconds: '60' }, `${TTL}, got "60"`],
      [
        'more time than the issuer has',
        { ...PLAIN, ttlSeconds: TTL_MAX + 1 },
        `at most ${TTL_MAX}`,
      ],
      ['claims that are a list', { ...PLAIN, claims: [] }, 'claims must be a JSON object'],
      ['claims that are null', { ...PLAIN, claims: null }, 'claims must be a JSON object'],
      [
        'large claims',
        { ...PLAIN, claims: { x: 'y'.repeat(12_000) } },
        `at most ${TOKEN_CHARS_MAX}`,
      ],
      ['another issuer', { ...PLAIN, iss: 'https://evil.example' }, 'unknown member "iss"'],
      ['an algorithm', { ...PLAIN, alg: 'none' }, 'unknown member "alg"'],
    ])('refuses %s', async (_title, request, says) => {
      expect(await mintProblems(getHost(), id, JSON.stringify(request), says)).toStrictEqual([])
    })

    test.each(RESERVED_CLAIMS)('refuses to be told the claim %s', async (name) => {
      for (const base of [PLAIN, { audience, serviceAccount: SERVICE_ACCOUNT }]) {
        const body = JSON.stringify({ ...base, claims: { ok: 1, [name]: 1 } })
        expect(
          await mintProblems(getHost(), id, body, `claims.${name} must not be given`),
        ).toStrictEqual([])
      }
    })

    test('refuses the prototype as a claim, which could not be kept', async () => {
      const claimsText = '{"__proto__":{"iss":"evil"},"ok":1}'
      const body = `{"subject":"s","audience":"a","claims":${claimsText}}`
      expect(await mintProblems(getHost(), id, body, 'claims.__proto__ must')).toStrictEqual([])
    })

    test.each<[title: string, claims: string, says: string]>([
      [
        'a number beyond all',
        '{"a":{"b":[1e400]}}',
        'claims.a.b.0 must be a number that is finite',
      ],
      ['a whole number that would change', '{"a":9007199254740993}', 'claims.a must be a number'],
      ['half a character', String.raw`{"a":["\ud83d"]}`, 'claims.a.0 must be text'],
      [
        'a name that steers terminals',
        '{"a\u202e":1}',
        String.raw`claims.a\u{202e} must have a name`,
      ],
      ['an empty name', '{"a":{"":1}}', 'claims.a must have no member with an empty name'],
      ['the prototype further inside', '{"a":{"__proto__":{}}}', 'claims.a.__proto__ must not'],
    ])('refuses %s among the claims', async (_title, claimsText, says) => {
      const body = `{"subject":"s","audience":"a","claims":${claimsText}}`
      expect(await mintProblems(getHost(), id, body, says)).toStrictEqual([])
    })

    test('refuses claims that are nested deeper than anyone reads', async () => {
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
      const body = `{"subject":"s","audience":"a","claims":{"x":${deep}}}`
      expect(await mintProblems(getHost(), id, body, 'claims')).toStrictEqual([])
    })
  })
}

/** How the answer to a body differs from a refusal that says so, and leaves the issuer as it was. */
async function mintProblems(
  host: TestHost,
  id: string,
  body: string,
  says: string,
): Promise<string[]> {
  const init = { headers: { 'Content-Type': 'application/json' }, body }
  const response = await leavingUnchanged(host, id, () =>
    control(host, 'POST', `/issuers/${id}/tokens`, init),
  )
  return refusalProblems(response, { status: 400, error: 'invalid_request', says })
}
