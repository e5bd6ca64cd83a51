/**
 * The registered claims of a subject token (RFC 7519 §4.1), by their form alone: no time and no expectation.
 */

import type { JsonObject } from '../json.ts'
import { ISSUER_IDENTIFIER_CHARS_MAX as ISSUER_CHARS_MAX, SUBJECT_CHARS_MAX } from '../limits.ts'
import { isPrintable } from '../printable.ts'
import type { SubjectProblem } from './subject-refusal.ts'

export interface RegisteredClaims {
  readonly issuer: string
  readonly subject: string
  /** The one that it has; `undefined` for none, for several, and for what is no list of texts. */
  readonly audience: string | undefined
  readonly issuedAt: number
  readonly notBefore: number | undefined
  /** A whole second: a fraction of one is not worth a longer life. */
  readonly expiresAt: number
  readonly jti: string | undefined
}

export type ReadClaims =
  | { readonly ok: true; readonly registered: RegisteredClaims }
  | { readonly ok: false; readonly problem: SubjectProblem }

const ASCII = /^[\x20-\x7e]*$/

export function readClaims(claims: JsonObject): ReadClaims {
  const { iss, sub, aud, iat, nbf, exp, jti } = claims
  if (!isText(iss, ISSUER_CHARS_MAX)) return wrong('iss', textOf(ISSUER_CHARS_MAX))
  if (!isText(sub, SUBJECT_CHARS_MAX)) return wrong('sub', textOf(SUBJECT_CHARS_MAX))
  if (!isMoment(iat)) return wrong('iat', MOMENT)
  if (!isMoment(exp)) return wrong('exp', MOMENT)
  if (nbf !== undefined && !isMoment(nbf)) return wrong('nbf', `absent or ${MOMENT}`)
  if (jti !== undefined && typeof jti !== 'string') return wrong('jti', 'absent or a text')
  return {
    ok: true,
    registered: {
      issuer: iss,
      subject: sub,
      audience: oneAudience(aud),
      issuedAt: iat,
      notBefore: nbf,
      expiresAt: Math.floor(exp),
      jti,
    },
  }
}

const MOMENT = 'a number of seconds since 1970'

/** RFC 7519 §2: a number, with or without a fraction. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isText(value: unknown, charsMax: number): value is string {
  if (typeof value !== 'string' || value === '' || value.length > charsMax) return false
  return ASCII.test(value) || isPrintable(value)
}

function textOf(charsMax: number): string {
  return `a printable text of 1 to ${charsMax} characters`
}

function oneAudience(aud: unknown): string | undefined {
  const one: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  return typeof one === 'string' ? one : undefined
}

function wrong(claim: string, wanted: string): ReadClaims {
  const detail = `the claim ${claim} of a subject token must be ${wanted}, got something else: have its issuer set it`
  return { ok: false, problem: { reason: 'claims_refused', detail } }
}
