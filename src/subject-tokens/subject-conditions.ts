/**
 * When a subject token is good, and for whom: conditions on what it says, by the time and what is expected.
 */

import { CLOCK_SKEW_SECONDS } from '../limits.ts'
import type { SubjectToken } from './compact-token.ts'
import type { SubjectProblem } from './subject-refusal.ts'
import type { VerificationSource } from './verification-source.ts'

/** It may begin later than our clock has it by the skew. Of its end there is no grace: whoever holds a token that is over can have a new one. */
export function timeProblem(
  { expiresAt, issuedAt, notBefore }: SubjectToken,
  now: number,
): SubjectProblem | undefined {
  if (now >= expiresAt) {
    return {
      reason: 'expired',
      detail: `the subject token expired ${now - expiresAt} s ago: send a fresh one`,
    }
  }
  if (Math.max(issuedAt, notBefore ?? issuedAt) <= now + CLOCK_SKEW_SECONDS) return undefined
  return {
    reason: 'not_yet_valid',
    detail: `the iat and nbf of the subject token must be at most ${CLOCK_SKEW_SECONDS} s ahead, got one that is further: set the clock of its issuer`,
  }
}

export function audienceProblem(
  { audience }: SubjectToken,
  audiences: readonly string[],
): SubjectProblem | undefined {
  if (audience !== undefined && audiences.includes(audience)) return undefined
  const given = audience === undefined ? 'none, several, or no text' : 'another one'
  return {
    reason: 'audience_refused',
    detail: `the subject token must have exactly one audience, ${audiences.join(' or ')}, got ${given}: request a token for this audience alone`,
  }
}

/** What one source asks beyond that. */
export function sourceProblem(
  token: SubjectToken,
  { audience, maxAgeSeconds }: VerificationSource,
  now: number,
): SubjectProblem | undefined {
  if (now - token.issuedAt > maxAgeSeconds) {
    return {
      reason: 'too_old',
      detail: `the subject token must have been issued at most ${maxAgeSeconds} s ago, got one of ${Math.floor(now - token.issuedAt)} s: send a fresh one`,
    }
  }
  return audience === undefined ? undefined : audienceProblem(token, [audience])
}
