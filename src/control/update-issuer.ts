/**
 * Updating an issuer: its policy, and its keys under the present protection.
 */

import { nextRevision } from '../issuers/issuer-changes.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { type DurationSetting, policyProblems, uselessSettingsProblem } from '../issuers/policy.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import { renewKeys } from '../keyring/renew-keys.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { changeIssuer } from './change-issuer.ts'
import { completeKeys } from './complete-keys.ts'
import type { OperationDeps } from './control-deps.ts'

/** Algorithm and custody belong to keys that exist: they do not change with the policy. */
export type PolicyChange = Partial<Record<DurationSetting, number>>

/** What is not named in `settings` stays as it is. */
export async function updateIssuer(
  deps: OperationDeps,
  id: string,
  settings: PolicyChange,
  revision: number | undefined,
): Promise<Outcome<IssuerDocument>> {
  const { keyManagers, rotation } = deps
  const updated = await changeIssuer(deps, {
    id,
    revision,
    apply: async (document, now) => {
      const problem = settingsProblem(deps, document, settings, now)
      if (problem !== undefined) return refused('invalid_request', problem)
      const policy = { ...document.policy, ...settings }
      const changed = { ...nextRevision(document, now), policy }
      const renewed = await renewKeys(changed, keyManagers, now)
      return accepted(await rotation.prepare(renewed, now))
    },
  })
  return updated.ok ? completeKeys(deps, updated.value) : updated
}

function settingsProblem(
  { bounds }: OperationDeps,
  { policy, ring }: IssuerDocument,
  settings: PolicyChange,
  now: number,
): string | undefined {
  // A policy that stays may be older than a relation: that must not keep its keys from being renewed.
  if (Object.keys(settings).length === 0) return undefined
  const useless = uselessSettingsProblem(policy.custody, settings)
  if (useless !== undefined) return useless
  const adopted = ring.adopted.filter((key) => isPublishedAdoptedKey(key, now))
  const problems = policyProblems({ ...policy, ...settings }, bounds, adopted)
  return problems.length > 0 ? problems.join('; ') : undefined
}
