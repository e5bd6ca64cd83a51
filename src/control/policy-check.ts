/**
 * Whether an exchange policy may be set for an issuer: everything that is wrong with it.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import { compilePolicy } from '../policies/compile-policy.ts'
import type { ExchangePolicy } from '../policies/exchange-policy.ts'
import type { PolicyProblem } from '../policies/policy-problem.ts'
import { policyRuleProblems } from '../policies/policy-rules.ts'
import { ownFingerprints } from '../subject-tokens/own-fingerprints.ts'
import type { OperationDeps } from './control-deps.ts'
import { installationProblems } from './policy-installation.ts'

/** Empty where it may be set. Rejects with faults `storage_unavailable` and `document_corrupt`. */
export async function policyProblems(
  deps: OperationDeps,
  document: IssuerDocument,
  policy: ExchangePolicy,
  now: number,
): Promise<readonly PolicyProblem[]> {
  const compiled = await compilePolicy(policy)
  if (!compiled.ok) return compiled.problems
  const { issuer, ring, policy: settings } = document
  const problems = policyRuleProblems(policy, compiled.policy, {
    issuer,
    tokenTtlMaxSeconds: settings.tokenTtlMaxSeconds,
    hasAdoptedKeys: ring.adopted.some((key) => isPublishedAdoptedKey(key, now)),
    ownFingerprints: ownFingerprints(ring),
    isOwnUrl: deps.isOwnUrl,
    isDevelopment: deps.isDevelopment,
  })
  return [...problems, ...(await installationProblems(deps, document, compiled.policy))]
}
