/**
 * What a policy makes of a subject token, without a host: the same steps as an exchange, each with its answer, and going on
 * after the first refusal.
 */

import type { CompiledPolicy } from '../../policies/compiled-policy.ts'
import { parseSubjectToken } from '../../subject-tokens/compact-token.ts'
import type { SubjectTokenType } from '../../subject-tokens/subject-verification.ts'
import type { VerificationKey } from '../../subject-tokens/verification-key.ts'
import { checkKeys } from './check-keys.ts'
import { explainEntry } from './explain-entry.ts'
import type { CheckName, EntryExplanation, Explanation } from './explanation.ts'

/** Of what may be unknown. */
const ANSWERED_BY: Readonly<Partial<Record<CheckName, string>>> = {
  key: "(give the keys of the token's issuer with --jwks)",
  audience: '(name the issuer that has this policy with --issuer)',
}

export interface ExplanationRequest {
  /** Identifier of the issuer that the policy is for; `undefined` where it was not named. */
  readonly issuer: string | undefined
  /** Whom the issued token shall be for; each audience of an entry when `undefined`. */
  readonly audience: string | undefined
  readonly subjectTokenType: SubjectTokenType
  /** In place of keys that an entry does not hold itself; `undefined` where none were given. */
  readonly givenKeys: readonly VerificationKey[] | undefined
}

export async function explainToken(
  policy: CompiledPolicy,
  text: string,
  request: ExplanationRequest,
  now: number,
): Promise<Explanation> {
  const parsed = parseSubjectToken(text)
  if (!parsed.ok) {
    return { accepted: undefined, accepts: 'no', verdict: parsed.detail, entries: [] }
  }
  const { token } = parsed
  const keys = await checkKeys(policy.entries, token, request.givenKeys)
  const asked = { ...request, entryCount: policy.entries.length }
  const entries = policy.entries.map((entry) =>
    explainEntry(entry, { token, key: keys.get(entry) }, asked, now),
  )
  return { ...verdictOn(entries), entries }
}

function verdictOn(
  entries: readonly EntryExplanation[],
): Pick<Explanation, 'accepted' | 'accepts' | 'verdict'> {
  // One at most: the key selects it, and no policy has two entries of one issuer whose keys are elsewhere.
  const taken = entries.find(({ accepts }) => accepts !== 'no')
  if (taken === undefined) {
    return { accepted: undefined, accepts: 'no', verdict: 'no entry takes the token' }
  }
  const { entry, accepts } = taken
  if (accepts === 'yes') {
    return { accepted: entry, accepts, verdict: `entry ${entry} takes the token` }
  }
  const verdict = `whether entry ${entry} takes the token is not known: ${openQuestions(taken)}`
  return { accepted: undefined, accepts, verdict }
}

function openQuestions({ checks }: EntryExplanation): string {
  return checks
    .filter(({ answer }) => answer === 'unknown')
    .map(({ what }) => [what, ANSWERED_BY[what]].filter(Boolean).join(' '))
    .join(', ')
}
