/**
 * A good token, tokens with something changed in them, and why they are refused.
 */

import type { JsonObject } from '../../../src/json.ts'
import { parseSubjectToken } from '../../../src/subject-tokens/compact-token.ts'
import type { SubjectRefusal } from '../../../src/subject-tokens/subject-refusal.ts'
import { newSubjectKey, SUBJECT_ISSUER, subjectClaims } from '../../support/subject-tokens.ts'

export const KEY = newSubjectKey('ES256', 'key-1')
export const GOOD = KEY.sign(subjectClaims())
export const [HEADER = '', CLAIMS = '', SIGNATURE = ''] = GOOD.split('.')
export const HEADER_TEXT = '{"alg":"ES256","kid":"key-1"}'
export const CLAIMS_TEXT = JSON.stringify(subjectClaims())
export const SAID = {
  issuer: SUBJECT_ISSUER,
  subject: 'system:serviceaccount:payments:api',
  kid: 'key-1',
  jti: 'b5a1f2d0-6c1e-4d53-8f39-0d9f3f1c2a77',
}

export function refusalOf(text: string): SubjectRefusal {
  const parsed = parseSubjectToken(text)
  if (parsed.ok) throw new Error('the token was parsed')
  const { ok: _ok, ...refusal } = parsed
  return refusal
}

export function withHeader(changes: JsonObject): string {
  return KEY.sign(subjectClaims(), changes)
}

export function withClaims(changes: JsonObject): string {
  return KEY.sign(subjectClaims(changes))
}

/** Signed texts that JSON.stringify would not write: `changed` for `written`. */
export function respelled(part: 'header' | 'claims', written: string, changed: string): string {
  const [header, claims] = [HEADER_TEXT, CLAIMS_TEXT]
  return part === 'header'
    ? KEY.signText(header.replace(written, changed), claims)
    : KEY.signText(header, claims.replace(written, changed))
}
