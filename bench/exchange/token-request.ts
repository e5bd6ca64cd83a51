/**
 * Requests for tokens (RFC 8693 §2.1), and what their answers must be like.
 */

import type { AskedPost } from '../load/messages.ts'
import type { SubjectToken } from './subjects.ts'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt'
export const ISSUED_AUDIENCE = 'sts.amazonaws.com'

const PART = '[\\w-]{80,}'

/** `further`: parameters that a server wants beside those of the grant. */
export function tokenRequest(
  path: string,
  { token }: SubjectToken,
  further: Readonly<Record<string, string>>,
): AskedPost {
  const form = new URLSearchParams({
    ...further,
    grant_type: TOKEN_EXCHANGE,
    subject_token: token,
    subject_token_type: JWT_TYPE,
    audience: ISSUED_AUDIENCE,
  })
  return {
    path,
    contentType: 'application/x-www-form-urlencoded',
    body: form.toString(),
    answer: [
      `\\{"access_token":"[\\w-]+\\.${PART}\\.${PART}"`,
      `"issued_token_type":"${JWT_TYPE}"`,
      '"token_type":"Bearer"',
      '"expires_in":3\\d\\d\\d\\}',
    ].join(','),
  }
}
