/**
 * Whoever wants a token that he should not get: what he sends, what he is told, and what the operator reads of it.
 *
 * The tables are `exchange-hostile-headers.ts` and `exchange-hostile-claims.ts`. What is wrong with a form alone is
 * `exchange-refusals.ts`, and only what brings a token in by it is here.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { HOSTILE_CLAIMS } from './exchange-hostile-claims.ts'
import { HOSTILE_HEADERS } from './exchange-hostile-headers.ts'
import { GOOGLE, type HostileWorld, hostileWorld } from './exchange-hostile-world.ts'
import { auditOf, post } from './exchanging.ts'

type HostileForm = readonly [
  title: string,
  wire: string,
  reason: string,
  send: (world: HostileWorld) => Promise<TestResponse>,
]

const FORMS: readonly HostileForm[] = [
  ['two tokens', '400 invalid_request', 'parameter_repeated', twice('subject_token')],
  [
    'two tokens, one name in escapes',
    '400 invalid_request',
    'parameter_repeated',
    twice('%73ubject_token'),
  ],
  [
    'a token of a megabyte',
    '413 invalid_request',
    'body_too_large',
    ({ issuer }) => issuer.exchange({ subject_token: 'A'.repeat(1_048_576) }),
  ],
  [
    'a form of many parts',
    '415 invalid_request',
    'media_type_refused',
    typed('multipart/form-data; boundary=x'),
  ],
  ['plain text', '415 invalid_request', 'media_type_refused', typed('text/plain')],
  [
    'an audience behind NUL',
    '400 invalid_target',
    'target_refused',
    ({ issuer }) => issuer.exchange({ audience: 'sts.amazonaws.com\0x' }),
  ],
  [
    'this issuer as audience',
    '400 invalid_target',
    'audience_not_allowed',
    ({ issuer }) => issuer.exchange({ audience: issuer.issuer }),
  ],
  [
    'the control API as audience',
    '400 invalid_target',
    'audience_not_allowed',
    ({ issuer, host }) => issuer.exchange({ audience: `${host.baseUrl}/control` }),
  ],
  [
    'a pattern as audience',
    '400 invalid_target',
    'audience_not_allowed',
    ({ issuer }) => issuer.exchange({ audience: '*' }),
  ],
  [
    'a subject that is too long for Google',
    '400 invalid_request',
    'limit_exceeded',
    ({ issuer }) =>
      issuer.exchange({
        audience: GOOGLE,
        subject_token: issuer.subjectToken({ sub: 'é'.repeat(64) }),
      }),
  ],
]

function twice(name: string): HostileForm[3] {
  return ({ issuer, host }) =>
    post(host, issuer.id, `${issuer.form()}&${name}=${issuer.subjectToken()}`)
}

function typed(type: string): HostileForm[3] {
  return ({ issuer, host }) => post(host, issuer.id, issuer.form(), { 'Content-Type': type })
}

const NOT_ACCEPTED =
  'the subject token is not accepted for this; the operator of this issuer finds the reason under request id'

/** Of which the sender learns that his token is not accepted, and nothing more. */
const UNTOLD: readonly string[] = [
  'issuer_unknown',
  'key_unknown',
  'signature_wrong',
  'condition_not_met',
  'expression_failed',
  'limit_exceeded',
  'audience_not_allowed',
]

export function describeExchangeHostile(getHost: () => TestHost): void {
  describe('hostile input', () => {
    let world: HostileWorld

    beforeAll(async () => {
      world = await hostileWorld(getHost())
    })

    test.each(['prod', 'rsa', 'strict'] as const)(
      'is not what an honest token of entry %s is',
      async (entry) => {
        const { issuer, rsa, rsaClaims, strict, strictClaims } = world
        const subject_token = {
          prod: () => issuer.subjectToken(),
          rsa: () => rsa.sign(rsaClaims()),
          strict: () => strict.sign(strictClaims()),
        }[entry]()
        const answer = await issuer.exchange({ subject_token })
        expect(answer.status, `answered ${answer.body}`).toBe(200)
        expect(await auditOf(getHost(), answer)).toMatchObject([{ event: 'token_issued', entry }])
      },
    )

    test.each([...HOSTILE_HEADERS, ...HOSTILE_CLAIMS])(
      'is refused as a token: %s, %s',
      async (_title, reason, forge) => {
        const subjectToken = forge(world)
        const answer = await world.issuer.exchange({ subject_token: subjectToken })
        expect(await refusalOf(answer)).toStrictEqual(refusal('400 invalid_request', reason))
        const said = `${JSON.stringify(answer)}\n${getHost().logLines().join('\n')}`
        const parts = subjectToken.split('.').filter(({ length }) => length > 20)
        expect(parts.filter((part) => said.includes(part))).toStrictEqual([])
      },
    )

    test.each(FORMS)('is refused as a form: %s, %s', async (_title, wire, reason, send) => {
      expect(await refusalOf(await send(world))).toStrictEqual(refusal(wire, reason))
    })
  })

  /** What an answer and its audit records are. */
  async function refusalOf(answer: TestResponse): Promise<readonly unknown[]> {
    const { error, error_description: sentence, ...others } = bodyOf(answer)
    const records = await auditOf(getHost(), answer)
    const [{ event, reason = '' } = {}] = records
    const id = answer.headers['signet-request-id'] ?? 'none'
    return [
      `${answer.status} ${String(error)}`,
      String(reason),
      `${records.length} ${String(event)}`,
      sentence === `${NOT_ACCEPTED} ${id}` ? 'not told why' : 'told why',
      Object.keys(others),
      // Of an issued token alone.
      ['jti', 'alg', 'tokenSha256', 'expiresAt'].filter((name) => name in (records[0] ?? {})),
    ]
  }
}

function refusal(wire: string, reason: string): readonly unknown[] {
  const told = UNTOLD.includes(reason) ? 'not told why' : 'told why'
  return [wire, reason, '1 token_refused', told, [], []]
}
