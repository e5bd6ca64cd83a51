/**
 * Whether an answer is a token that relying parties take: verified with jose against the JWK Set of whoever issued it.
 */

import { deepStrictEqual } from 'node:assert/strict'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import type { Captured } from '../load/messages.ts'
import type { IssuedClaims } from './subjects.ts'
import { ISSUED_AUDIENCE } from './token-request.ts'

const TAGS_CLAIM = 'https://aws.amazon.com/tags'

export interface ExpectedToken extends IssuedClaims {
  readonly issuer: string
  readonly alg: string
}

/** Rejects when it is another token than expected, or none. */
export async function checkIssued(
  { head, body }: Captured,
  jwks: Captured,
  { issuer, alg, sub, tags }: ExpectedToken,
): Promise<void> {
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`no token was issued:\n${head}\n${body}`)
  const { access_token: token = '' } = JSON.parse(body) as { readonly access_token?: string }
  const keys = createLocalJWKSet(JSON.parse(jwks.body) as JSONWebKeySet)
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    subject: sub,
    audience: ISSUED_AUDIENCE,
    algorithms: [alg],
    requiredClaims: ['exp', 'iat', 'jti'],
  })
  deepStrictEqual(payload[TAGS_CLAIM], tags)
}
