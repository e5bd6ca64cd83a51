/**
 * What tests of explanations have in common: two keys, and a policy that explains a token.
 */

import type { Check, Explanation } from '../../../src/cli/policy/explanation.ts'
import { type ExplanationRequest, explainToken } from '../../../src/cli/policy/explain-token.ts'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import { NOW } from '../../support/fixtures.ts'
import { compiledPolicy } from '../../support/policy-entries.ts'
import { newSubjectKey, SUBJECT_AUDIENCE } from '../../support/subject-tokens.ts'

export const key = newSubjectKey('ES256')
export const other = newSubjectKey('ES256')
/** The first of them, written down in an entry. */
export const inline = { jwks: { keys: [key.jwk] } }

/** By default for the issuer that the good tokens are for, as an exchange of JWTs. */
export async function explained(
  entries: readonly PolicyEntry[],
  token: string,
  changes: Partial<ExplanationRequest> = {},
): Promise<Explanation> {
  const request: ExplanationRequest = {
    issuer: SUBJECT_AUDIENCE,
    audience: undefined,
    subjectTokenType: 'jwt',
    givenKeys: undefined,
    ...changes,
  }
  return explainToken(await compiledPolicy(entries), token, request, NOW)
}

/** Of the first entry, or of the one at a place. */
export function checkOf(
  explanation: Explanation,
  what: Check['what'],
  place = 0,
): Check | undefined {
  return explanation.entries[place]?.checks.find((check) => check.what === what)
}
