/**
 * Token exchange over HTTP: what a client sends and gets, on any host.
 */

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { adopt, bodyOf, claimsOf, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { policyEntry } from '../../support/policy-entries.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'
import {
  auditOf,
  createExchangingIssuer,
  exchanging,
  type ExchangingIssuer,
  post,
  setEntries,
  TOKEN_TYPE,
} from './exchanging.ts'

interface TokenBody {
  readonly access_token: string
  readonly issued_token_type: string
  readonly token_type: string
  readonly expires_in: number
}

export function describeExchange(getHost: () => TestHost): void {
  let issuer: ExchangingIssuer

  beforeAll(async () => {
    issuer = await createExchangingIssuer(getHost())
  })

  test('a token that is issued is verified by the published keys', async () => {
    const { access_token: token, expires_in } = await exchanged(issuer.exchange())
    const keys = bodyOf<JSONWebKeySet>(
      await getHost().request('GET', `/${issuer.id}/.well-known/jwks.json`),
    )
    const iat = Number(claimsOf(token)['iat'])
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: issuer.issuer,
      audience: 'sts.amazonaws.com',
      currentDate: new Date(iat * 1000),
    })
    expect(payload).toMatchObject({
      sub: 'system:serviceaccount:payments:api',
      nbf: iat,
      exp: iat + 3600,
    })
    // It begins five seconds ago.
    expect(expires_in).toBe(3595)
  })

  test('a token ends with its subject token', async () => {
    const short = await createExchangingIssuer(getHost())
    const exp = short.madeAt + 1800
    const subject_token = short.subjectToken({ exp })
    const { access_token: token, expires_in } = await exchanged(short.exchange({ subject_token }))
    const { iat, exp: end } = claimsOf(token)
    expect([end, expires_in]).toStrictEqual([exp, exp - Number(iat) - 5])
  })

  test('session tags of AWS, a source identity and further claims are in it', async () => {
    const tagged = await createExchangingIssuer(getHost(), {
      name: 'edge',
      condition: 'claims.sub.startsWith("system:serviceaccount:")',
      token: {
        subject: 'entry.name + ":" + claims.sub',
        tags: { cluster: 'entry.name', namespace: 'claims.sub.split(":")[2]' },
        transitiveTags: ['cluster'],
        sourceIdentity: 'entry.name',
        claims: { for: 'request.audience' },
        audiences: ['a', 'sts.amazonaws.com'],
        ttl: 600,
      },
    })
    const { access_token: token } = await exchanged(tagged.exchange())
    expect(claimsOf(token)).toMatchObject({
      sub: 'edge:system:serviceaccount:payments:api',
      aud: 'sts.amazonaws.com',
      for: 'sts.amazonaws.com',
      'https://aws.amazon.com/source_identity': 'edge',
      'https://aws.amazon.com/tags': {
        principal_tags: { cluster: ['edge'], namespace: ['payments'] },
        transitive_tag_keys: ['cluster'],
      },
    })
  })

  test('tokens of a cluster whose keys are adopted are exchanged', async () => {
    const created = await createIssuer(getHost())
    const key = newSubjectKey('ES256')
    expect((await adopt(getHost(), created.id, { keys: { keys: [key.jwk] } })).status).toBe(200)
    await setEntries(getHost(), created.id, [policyEntry({ keys: { adopted: true } })])
    const cluster = await exchanging(getHost(), created, key)
    await exchanged(cluster.exchange())
    // What its keys sign for AWS is worth nothing here.
    const forAws = cluster.subjectToken({ aud: 'sts.amazonaws.com' })
    expect((await cluster.exchange({ subject_token: forAws })).status).toBe(400)
  })

  test.each(['jwt', 'id_token', 'access_token'])('type %s is issued as asked for', async (type) => {
    const requested = `${TOKEN_TYPE}${type}`
    const body = await exchanged(issuer.exchange({ requested_token_type: requested }))
    expect(body).toMatchObject({
      issued_token_type: requested,
      token_type: type === 'id_token' ? 'N_A' : 'Bearer',
    })
  })

  test('the token endpoint may be the audience of a subject token', async () => {
    const subject_token = issuer.subjectToken({ aud: [`${issuer.issuer}/token`] })
    expect((await issuer.exchange({ subject_token })).status).toBe(200)
  })

  test('a resource is an audience', async () => {
    const resource = 'https://api.example.org/v1'
    const other = await createExchangingIssuer(getHost(), {
      token: { subject: 'claims.sub', audiences: [resource] },
    })
    const { access_token: token } = await exchanged(
      other.exchange({ audience: undefined, resource }),
    )
    expect(claimsOf(token)['aud']).toBe(resource)
  })

  test.each<[title: string, send: () => Promise<TestResponse>]>([
    [
      'in pieces, without a length',
      () => post(getHost(), issuer.id, [issuer.form().slice(0, 20), issuer.form().slice(20)]),
    ],
    [
      'with a charset',
      () =>
        post(getHost(), issuer.id, issuer.form(), {
          'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        }),
    ],
    ['with a client_id', () => issuer.exchange({ client_id: 'somebody' })],
    [
      'with a page that asks',
      () => post(getHost(), issuer.id, issuer.form(), { Origin: getHost().baseUrl }),
    ],
  ])('a form is taken %s', async (_title, send) => {
    expect((await send()).status).toBe(200)
  })

  describe('the audit record', () => {
    test('of an issued token names it and its subject token by fingerprint', async () => {
      const subjectToken = issuer.subjectToken()
      const answer = await issuer.exchange({ subject_token: subjectToken })
      const { access_token: token } = bodyOf<TokenBody>(answer)
      const records = await auditOf(getHost(), answer)
      expect(records).toHaveLength(1)
      expect(records[0]).toMatchObject({
        level: 'info',
        event: 'token_issued',
        requestId: answer.headers['signet-request-id'],
        issuer: issuer.id,
        entry: 'prod',
        subject: 'system:serviceaccount:payments:api',
        subjectVerified: true,
        subjectTokenSha256: sha256(subjectToken),
        tokenSha256: sha256(token),
        jti: claimsOf(token)['jti'],
        signMs: expect.any(Number) as number,
        durationMs: expect.any(Number) as number,
      })
      const said = JSON.stringify(getHost().logLines())
      for (const part of [...subjectToken.split('.'), ...token.split('.')]) {
        expect(said.includes(part), 'a part of a token in the log').toBe(false)
      }
    })

    test('of a refusal has the reason, which the answer has not', async () => {
      const stranger = newSubjectKey('ES256', issuer.key.kid)
      const claims = claimsOf(issuer.subjectToken())
      const answer = await issuer.exchange({ subject_token: stranger.sign(claims) })
      expect(answer.body).not.toContain('signature')
      const records = await auditOf(getHost(), answer)
      expect(records).toMatchObject([
        {
          level: 'warn',
          event: 'token_refused',
          issuer: issuer.id,
          reason: 'signature_wrong',
          subjectVerified: false,
        },
      ])
    })
  })
}

async function exchanged(response: Promise<TestResponse>): Promise<TokenBody> {
  const answer = await response
  expect(answer.status, `answered ${answer.body}`).toBe(200)
  return bodyOf<TokenBody>(answer)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
