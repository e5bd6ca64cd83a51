/**
 * Requests to the token endpoint that are refused: by their form, by where they come from. What is wrong with subject tokens
 * is another table.
 */

import { beforeAll, expect, test } from 'vitest'
import { bodyOf } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import {
  auditOf,
  createExchangingIssuer,
  type ExchangingIssuer,
  post,
  TOKEN_EXCHANGE,
  TOKEN_TYPE,
} from './exchanging.ts'

const BODY_BYTES_MAX = 65_536

type Send = (host: TestHost, issuer: ExchangingIssuer) => Promise<TestResponse>
type Row = readonly [title: string, wire: string, reason: string, send: Send]

const changed =
  (changes: Parameters<ExchangingIssuer['form']>[0]): Send =>
  (_host, issuer) =>
    issuer.exchange(changes)
const added =
  (more: string): Send =>
  (host, { id, form }) =>
    post(host, id, `${form()}${more}`)
const withHeaders =
  (headers: Readonly<Record<string, string>>): Send =>
  (host, { id, form }) =>
    post(host, id, form(), headers)

const ROWS: readonly Row[] = [
  [
    'JSON',
    '415 invalid_request',
    'media_type_refused',
    withHeaders({ 'Content-Type': 'application/json' }),
  ],
  [
    'another charset',
    '415 invalid_request',
    'media_type_refused',
    withHeaders({ 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-16' }),
  ],
  [
    'an empty body',
    '400 invalid_request',
    'parameter_missing',
    (host, { id }) => post(host, id, ''),
  ],
  ['an escape that is none', '400 invalid_request', 'form_malformed', added('&x=%zz')],
  [
    'bytes that are not UTF-8',
    '400 invalid_request',
    'form_malformed',
    (host, { id, form }) => post(host, id, Uint8Array.from([...Buffer.from(form()), 0xff])),
  ],
  [
    'one byte too many',
    '413 invalid_request',
    'body_too_large',
    (host, { id, form }) => post(host, id, form().padEnd(BODY_BYTES_MAX + 1, '&')),
  ],
  [
    'too many bytes in pieces',
    '413 invalid_request',
    'body_too_large',
    (host, { id, form }) => post(host, id, [form(), '&'.repeat(BODY_BYTES_MAX)]),
  ],
  [
    'a query',
    '400 invalid_request',
    'parameter_refused',
    (host, { id, form }) =>
      host.request('POST', `/${id}/token?audience=a`, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: form(),
      }),
  ],
  ['a parameter twice', '400 invalid_request', 'parameter_repeated', added('&grant_type=x')],
  ['two audiences', '400 invalid_target', 'target_refused', added('&audience=b')],
  ['two resources', '400 invalid_target', 'target_refused', added('&resource=a&resource=b')],
  [
    'an audience and a resource',
    '400 invalid_target',
    'target_refused',
    changed({ resource: 'https://a.example' }),
  ],
  ['no grant type', '400 invalid_request', 'parameter_missing', changed({ grant_type: undefined })],
  [
    'another grant type',
    '400 unsupported_grant_type',
    'grant_type_refused',
    changed({ grant_type: 'client_credentials' }),
  ],
  [
    'an escaped line break behind the grant type',
    '400 unsupported_grant_type',
    'grant_type_refused',
    changed({ grant_type: `${TOKEN_EXCHANGE}\n` }),
  ],
  [
    'no subject token',
    '400 invalid_request',
    'parameter_missing',
    changed({ subject_token: undefined }),
  ],
  [
    'another type of subject token',
    '400 invalid_request',
    'token_type_refused',
    changed({ subject_token_type: `${TOKEN_TYPE}saml2` }),
  ],
  [
    'a type that is not issued',
    '400 invalid_request',
    'token_type_refused',
    changed({ requested_token_type: `${TOKEN_TYPE}refresh_token` }),
  ],
  ['an actor token', '400 invalid_request', 'actor_refused', changed({ actor_token: 'x' })],
  ['a scope', '400 invalid_scope', 'scope_refused', changed({ scope: 'openid' })],
  [
    'a client secret',
    '400 invalid_client',
    'client_authentication_refused',
    changed({ client_secret: 'x' }),
  ],
  [
    'a client assertion',
    '400 invalid_client',
    'client_authentication_refused',
    changed({ client_assertion: 'x' }),
  ],
  [
    'an Authorization header',
    '401 invalid_client',
    'authorization_refused',
    withHeaders({ Authorization: 'Basic eDp5' }),
  ],
]

export function describeExchangeRefusals(getHost: () => TestHost): void {
  let issuer: ExchangingIssuer

  beforeAll(async () => {
    issuer = await createExchangingIssuer(getHost())
  })

  test.each(ROWS)('refuses %s: %s', async (_title, wire, reason, send) => {
    const answer = await send(getHost(), issuer)
    const { error, error_description: sentence, ...others } = bodyOf(answer)
    expect(`${answer.status} ${String(error)}`).toBe(wire)
    expect(others).toStrictEqual({})
    expect(sentence).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]{20,400}$/)
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
    expect(await auditOf(getHost(), answer)).toMatchObject([
      { event: 'token_refused', issuer: issuer.id, reason },
    ])
  })
}
