/**
 * The answers of a token endpoint (RFC 6749 §5, RFC 8693 §2.2): for nobody's cache, and readable by the page that asked.
 */

import type { TokenRequestParameters } from '../exchange/token-request.ts'
import { tokenTypeUri } from '../exchange/token-types.ts'
import type { WireError } from '../exchange/wire-error.ts'
import { PUBLIC_ANSWER_HEADERS } from './json-answer.ts'

export const REQUEST_ID_HEADER = 'Signet-Request-Id'

const HEADERS = {
  ...PUBLIC_ANSWER_HEADERS,
  'Access-Control-Expose-Headers': REQUEST_ID_HEADER,
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  // HTTP/1.0 caches know no other (RFC 6749 §5.1).
  Pragma: 'no-cache',
} as const

export interface TokenAnswer {
  readonly token: string
  readonly expiresInSeconds: number
  readonly issuedTokenType: TokenRequestParameters['issuedTokenType']
}

export function answerIssued(answer: TokenAnswer, requestId: string): Response {
  const { token, issuedTokenType, expiresInSeconds } = answer
  const body = {
    access_token: token,
    issued_token_type: tokenTypeUri(issuedTokenType),
    // RFC 8693 §2.2.1: an ID token is shown to nobody as a credential of its bearer; whatever else is asked for is.
    token_type: issuedTokenType === 'id_token' ? 'N_A' : 'Bearer',
    expires_in: expiresInSeconds,
  }
  return new Response(JSON.stringify(body), {
    headers: { ...HEADERS, [REQUEST_ID_HEADER]: requestId },
  })
}

/**
 * `requestId`: `undefined` where the log has nothing under it. `authorization`: the header that the request had, if it had
 * one.
 */
export function answerWireError(
  { status, error, description, retryAfterSeconds }: WireError,
  requestId: string | undefined,
  authorization = '',
): Response {
  const body = { error, error_description: description }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...HEADERS,
      ...(requestId === undefined ? {} : { [REQUEST_ID_HEADER]: requestId }),
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
      ...(status === 401 ? { 'WWW-Authenticate': challenge(authorization) } : {}),
    },
  })
}

/** Of the scheme that the client used, as RFC 6749 §5.2 wants it, although none is taken. */
function challenge(authorization: string): string {
  return /^bearer\b/i.test(authorization) ? 'Bearer' : 'Basic realm="token endpoint"'
}
