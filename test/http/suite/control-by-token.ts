/**
 * The control API as tokens open it: which token, which action, which issuer.
 */

import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { control, type ControlRequest } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { newSubjectKey, type SubjectKey } from '../../support/subject-tokens.ts'

const KEYS = {
  ci: newSubjectKey(),
  dashboard: newSubjectKey('RS256'),
  root: newSubjectKey('ES384'),
  nobody: newSubjectKey(),
}
type Caller = keyof typeof KEYS

/** Ids as `CONTROL_TRUST` names them: they are known before there is an issuer. */
const ISSUERS = { own: 'by-token', other: 'by-secret' } as const

const ACTIONS = ['read', 'rotate', 'sweep', 'create', 'update', 'delete', 'adopt', 'mint', 'policy']

function source(name: Caller, key: SubjectKey): object {
  return {
    name,
    issuer: `https://${name}.example.net`,
    keys: { jwks: { keys: [key.jwk] } },
    algorithms: [key.alg],
    condition: 'claims.sub == "job"',
  }
}

/** `CONTROL_TRUST` of the hosts that this suite runs on. */
export const CONTROL_TRUST: readonly object[] = [
  {
    ...source('ci', KEYS.ci),
    allows: [{ actions: ['rotate', 'adopt', 'mint'], issuers: [ISSUERS.own] }],
  },
  {
    ...source('dashboard', KEYS.dashboard),
    allows: [{ actions: ['read'], issuers: '*' }],
  },
  { ...source('root', KEYS.root), allows: [{ actions: ACTIONS, issuers: '*' }] },
]

interface Attempt {
  readonly action: string
  readonly method: string
  readonly path: (id: string) => string
  readonly json?: object
}

/** What each action asks for does not come about, whoever asks: a refusal by the issuer is no refusal of the token. */
const ATTEMPTS: readonly Attempt[] = [
  { action: 'read', method: 'GET', path: (id) => `/issuers/${id}` },
  { action: 'read', method: 'HEAD', path: (id) => `/issuers/${id}/keys` },
  { action: 'read', method: 'GET', path: (id) => `/issuers/${id}/policy` },
  { action: 'rotate', method: 'POST', path: (id) => `/issuers/${id}/rotate`, json: { evil: 1 } },
  { action: 'sweep', method: 'POST', path: (id) => `/issuers/${id}/sweep`, json: { evil: 1 } },
  { action: 'update', method: 'PATCH', path: (id) => `/issuers/${id}`, json: {} },
  { action: 'delete', method: 'DELETE', path: (id) => `/issuers/${id}`, json: { evil: 1 } },
  { action: 'adopt', method: 'PUT', path: (id) => `/issuers/${id}/adopted-keys`, json: {} },
  { action: 'mint', method: 'POST', path: (id) => `/issuers/${id}/tokens`, json: {} },
  { action: 'policy', method: 'PUT', path: (id) => `/issuers/${id}/policy`, json: {} },
]

export interface TokenHost {
  readonly host: TestHost
  /** By the clock of the host. */
  readonly now: () => number
}

/** `getHost`: of a host with `CONTROL_TRUST` and the control secret. */
export function describeControlByToken(getHost: () => TokenHost): void {
  function tokenOf(caller: Caller, changes: JsonObject = {}): string {
    const { host, now } = getHost()
    const iat = now() - 5
    return KEYS[caller].sign({
      iss: `https://${caller}.example.net`,
      sub: 'job',
      aud: `${host.baseUrl}/control`,
      iat,
      exp: iat + 600,
      jti: 'marked-no-secret',
      ...changes,
    })
  }

  function ask(
    token: string,
    method: string,
    path: string,
    { headers, ...request }: ControlRequest = {},
  ): Promise<TestResponse> {
    const bearer = { Authorization: `Bearer ${token}` }
    return control(getHost().host, method, path, { ...request, headers: { ...bearer, ...headers } })
  }

  beforeAll(async () => {
    for (const id of Object.values(ISSUERS)) {
      const json = { id, policy: { algorithm: 'ES256' } }
      const { status } = await control(getHost().host, 'POST', '/issuers', { json })
      expect([201, 409]).toContain(status)
    }
  })

  describe.each<[Caller, issuer: keyof typeof ISSUERS, opens: readonly string[]]>([
    ['ci', 'own', ['rotate', 'adopt', 'mint']],
    ['ci', 'other', []],
    ['dashboard', 'own', ['read']],
    ['dashboard', 'other', ['read']],
    ['root', 'own', ACTIONS],
    ['root', 'other', ACTIONS],
  ])('%s on %s', (caller, issuer, opens) => {
    test.each(ATTEMPTS)('$method is $action: %#', async ({ action, method, path, json }) => {
      const { status, headers, body } = await ask(
        tokenOf(caller),
        method,
        path(ISSUERS[issuer]),
        json === undefined ? {} : { json },
      )
      const isOpen = opens.includes(action)
      const expected = isOpen ? (json === undefined ? 200 : 400) : 403
      expect(status, `answered ${body}`).toBe(expected)
      const challenge = `Bearer error="insufficient_scope", error_description="the token opens no ${action} here"`
      expect(headers['www-authenticate']).toBe(isOpen ? undefined : challenge)
    })
  })

  test.each<[Caller, number, number]>([
    ['ci', 403, 403],
    ['dashboard', 200, 403],
    ['root', 200, 400],
  ])('%s lists with %d and creates with %d', async (caller, list, create) => {
    const listed = await ask(tokenOf(caller), 'GET', '/issuers')
    const created = await ask(tokenOf(caller), 'POST', '/issuers', { json: {} })
    expect([listed.status, created.status]).toEqual([list, create])
  })

  test.each(['/issuers/none', '/issuers/none/keys'])(
    'a token learns nothing of what it may not see: %s',
    async (path) => {
      const missing = await ask(tokenOf('ci'), 'GET', path)
      const there = await ask(tokenOf('ci'), 'GET', path.replace('none', ISSUERS.other))
      expect([missing.status, there.status]).toEqual([403, 403])
      expect(missing.body).toBe(there.body)
    },
  )

  test.each([
    ['GET', ''],
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/issuers/'],
    ['POST', `/issuers/${ISSUERS.own}`],
    ['OPTIONS', `/issuers/${ISSUERS.own}`],
    ['GET', `/issuers/${ISSUERS.own}/`],
    ['GET', `/issuers/${ISSUERS.own}%2Fkeys`],
    ['GET', '/issuers/by%252Dtoken'],
    ['GET', `//issuers/${ISSUERS.own}`],
  ])('what is no action is open to no token: %s %s', async (method, path) => {
    const { status, body } = await ask(tokenOf('root'), method, path)
    expect([403, 404]).toContain(status)
    expect(body).not.toContain(ISSUERS.own)
  })

  test('an issuer is the same one however its id is escaped', async () => {
    const json = { evil: 1 }
    const own = await ask(tokenOf('ci'), 'POST', '/issuers/by%2Dtoken/rotate', { json })
    const other = await ask(tokenOf('ci'), 'POST', '/issuers/by%2Dsecret/rotate', { json })
    expect([own.status, other.status]).toEqual([400, 403])
  })

  test('the secret still opens everything', async () => {
    const { host } = getHost()
    expect((await control(host, 'GET', '/nothing')).status).toBe(404)
    expect((await control(host, 'GET', `/issuers/${ISSUERS.own}`)).status).toBe(200)
  })

  describe('is refused', () => {
    test.each<[string, (base: string, now: number) => JsonObject, says: string]>([
      ['for the host', (aud) => ({ aud }), 'must have one audience'],
      ['for the host with a slash', (base) => ({ aud: `${base}/` }), 'must have one audience'],
      ['with a slash more', (base) => ({ aud: `${base}/control/` }), 'must have one audience'],
      [
        'for an issuer here',
        (base) => ({ aud: `${base}/${ISSUERS.own}` }),
        'must have one audience',
      ],
      ['for AWS', () => ({ aud: 'sts.amazonaws.com' }), 'must have one audience'],
      [
        'for this and another',
        (base) => ({ aud: [`${base}/control`, 'sts.amazonaws.com'] }),
        'must have',
      ],
      ['that has expired', (_base, now) => ({ exp: now - 1 }), 'has expired'],
      ['of the future', (_base, now) => ({ iat: now + 600 }), 'valid only later'],
      ['of a day and an hour', (_base, now) => ({ iat: now - 90_060 }), 'too long ago'],
      ['without an end', () => ({ exp: undefined }), 'must have iss, sub'],
      ['that its condition does not let in', () => ({ sub: 'other' }), 'is not accepted'],
      ['of an issuer here', (base) => ({ iss: `${base}/${ISSUERS.own}` }), 'is not accepted'],
      ['of nobody', () => ({ iss: 'https://nobody.example.net' }), 'is not accepted'],
      ['in the name of another', () => ({ iss: 'https://root.example.net' }), 'is not accepted'],
    ])('a token %s', async (_title, changes, says) => {
      const { host, now } = getHost()
      const token = tokenOf('ci', changes(host.baseUrl, now()))
      const { status, headers, body } = await ask(token, 'POST', `/issuers/${ISSUERS.own}/rotate`)
      expect(status).toBe(401)
      expect(JSON.parse(body)).toMatchObject({
        error: 'invalid_token',
        error_description: expect.stringContaining(says),
      })
      expect(headers['www-authenticate']).toContain('Bearer error="invalid_token"')
    })

    test('one that this host has minted for itself', async () => {
      const { host } = getHost()
      const json = { subject: 'job', audience: `${host.baseUrl}/control` }
      const minted = await control(host, 'POST', `/issuers/${ISSUERS.own}/tokens`, { json })
      const { token = '' } = JSON.parse(minted.body) as { readonly token?: string }
      const answer = await ask(token, 'GET', `/issuers/${ISSUERS.own}`)
      expect([token.split('.').length, answer.status]).toEqual([3, minted.status === 201 ? 401 : 0])
    })
  })

  test('a token mints, and the record has both tokens by their names alone', async () => {
    const { host } = getHost()
    const token = tokenOf('ci')
    const json = { subject: 'someone', audience: 'sts.amazonaws.com' }
    const answer = await ask(token, 'POST', `/issuers/${ISSUERS.own}/tokens`, { json })
    const minted = JSON.parse(answer.body) as Readonly<Record<string, string>>
    const sha256 = sha256Of(token)
    await expect.poll(() => host.logLines().join('\n')).toContain(String(minted['jti']))
    const records = host.logLines().flatMap(recordIn)
    expect(records.filter(({ subjectTokenSha256 }) => subjectTokenSha256 === sha256)).toEqual([
      {
        level: 'info',
        event: 'control_action',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        action: 'mint',
        issuer: ISSUERS.own,
        ownerEquivalent: true,
        principal: 'token',
        grant: 'ci',
        subjectIssuer: 'https://ci.example.net',
        subject: 'job',
        subjectAudience: `${host.baseUrl}/control`,
        subjectJti: 'marked-no-secret',
        subjectKid: KEYS.ci.kid,
        subjectTokenSha256: sha256,
        audience: 'sts.amazonaws.com',
        issuedSubject: 'someone',
        jti: minted['jti'],
        kid: minted['kid'],
        alg: minted['alg'],
        tokenSha256: sha256Of(minted['token'] ?? ''),
        expiresAt: minted['exp'],
        outcome: 'done',
        status: 201,
        durationMs: expect.any(Number),
      },
    ])
    const said = host.logLines().join('\n')
    for (const secret of [token, minted['token'] ?? '', host.controlSecret]) {
      expect(said).not.toContain(secret)
    }
  })
}

/** None of a line that is no record. */
function recordIn(line: string): Readonly<Record<string, unknown>>[] {
  return line.startsWith('{') ? [JSON.parse(line) as Readonly<Record<string, unknown>>] : []
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
