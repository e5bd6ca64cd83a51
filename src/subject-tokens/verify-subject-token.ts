/**
 * Verifying a subject token: whose it is, and that it is good now and for us.
 *
 * What a token says is looked at first, since it costs nothing; no key is looked for in vain.
 */

import { claimedSubject, parseSubjectToken, type SubjectToken } from './compact-token.ts'
import type { RemoteKeySets } from './key-sets.ts'
import { selectSource, type SelectionMeans } from './select-source.ts'
import { audienceProblem, sourceProblem, timeProblem } from './subject-conditions.ts'
import { typeProblem } from './subject-header.ts'
import type { SubjectProblem, SubjectRefusal } from './subject-refusal.ts'
import type { SubjectVerifier } from './subject-verification.ts'
import { signatureVerifier } from './verify-signature.ts'

/** Keeps imported keys: one for the life of a host. */
export function subjectVerifier({ remote }: { readonly remote: RemoteKeySets }): SubjectVerifier {
  const means: SelectionMeans = { remote, verifies: signatureVerifier() }
  return {
    verify: async (text, expected, now) => {
      const parsed = parseSubjectToken(text)
      if (!parsed.ok) return no(parsed)
      const { token } = parsed
      const problem =
        typeProblem(token.typ, expected.type) ??
        timeProblem(token, now) ??
        audienceProblem(token, expected.audiences)
      if (problem !== undefined) return no(refusalOf(token, problem))
      const selection = await selectSource(token, expected, means)
      if (!selection.ok) return no(refusalOf(token, selection.problem))
      const { source } = selection
      const unmet = sourceProblem(token, source, now)
      if (unmet !== undefined) return no(refusalOf(token, unmet))
      const { claims, subject, audience = '', expiresAt, jti, kid } = token
      return { ok: true, verified: { source, claims, subject, audience, expiresAt, jti, kid } }
    },
  }
}

function refusalOf({ kid, claims }: SubjectToken, problem: SubjectProblem): SubjectRefusal {
  return { ...problem, claimed: claimedSubject({ kid }, claims) }
}

function no({ reason, detail, claimed }: SubjectRefusal): {
  readonly ok: false
  readonly refusal: SubjectRefusal
} {
  return { ok: false, refusal: { reason, detail, claimed } }
}
