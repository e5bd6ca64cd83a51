/**
 * Updating an issuer: its policy, and its keys under the present protection.
 */

import { nextRevision } from '../issuers/issuer-changes.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { type IssuerPolicy, policyProblems, uselessSettingsProblem } from '../issuers/policy.ts'
import { withPolicy } from '../issuers/policy-in-force.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import { renewKeys, withRenewedKeys } from '../keyring/renew-keys.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { changeIssuer } from './change-issuer.ts'
import { completeKeys } from './complete-keys.ts'
import type { OperationDeps } from './control-deps.ts'
import { custodyProblem } from './custody-problem.ts'
import { policyEffects, type PolicyEffect } from './policy-effects.ts'

/** What is not named stays as it is. */
export type PolicyChange = Partial<IssuerPolicy>

export interface PolicyForecast {
  readonly document: IssuerDocument
  readonly effects: readonly PolicyEffect[]
}

export async function updateIssuer(
  deps: OperationDeps,
  id: string,
  settings: PolicyChange,
  revision: number | undefined,
): Promise<Outcome<IssuerDocument>> {
  const { keyManagers, rotation, bounds } = deps
  const updated = await changeIssuer(deps, {
    id,
    revision,
    apply: async (document, now) => {
      const problem = settingsProblem(deps, document, settings, now)
      if (problem !== undefined) return refused('invalid_request', problem)
      const policy = { ...document.policy, ...settings }
      const changed = withPolicy(nextRevision(document, now), policy, bounds, now)
      // Who asks for nothing else wants to hear of a key that does not open; it must not keep a policy from being mended.
      const isReseal = Object.keys(settings).length === 0
      const renewed = isReseal
        ? await renewKeys(changed, keyManagers, now)
        : await withRenewedKeys(changed, keyManagers, deps.log, now)
      return accepted(await rotation.prepare(renewed, now))
    },
  })
  return updated.ok ? completeKeys(deps, updated.value) : updated
}

/** What `updateIssuer` would do, and when it would take effect. Changes nothing. */
export async function forecastUpdate(
  deps: OperationDeps,
  id: string,
  settings: PolicyChange,
  revision: number | undefined,
): Promise<Outcome<PolicyForecast>> {
  let effects: readonly PolicyEffect[] = []
  const unchanged = await changeIssuer(deps, {
    id,
    revision,
    apply: async (document, now) => {
      const problem = settingsProblem(deps, document, settings, now)
      if (problem !== undefined) return refused('invalid_request', problem)
      const policy = { ...document.policy, ...settings }
      effects = policyEffects(document, policy, deps.bounds, now)
      return accepted(document)
    },
  })
  return unchanged.ok ? accepted({ document: unchanged.value, effects }) : unchanged
}

function settingsProblem(
  { bounds, keyManagers }: OperationDeps,
  { id, policy, ring }: IssuerDocument,
  settings: PolicyChange,
  now: number,
): string | undefined {
  // A policy that stays may be older than a relation: that must not keep its keys from being renewed.
  if (Object.keys(settings).length === 0) return undefined
  const after = { ...policy, ...settings }
  if (after.custody === 'none' && policy.custody !== 'none') {
    return `issuer ${id} has keys of its own, and tokens of theirs are about, so its custody cannot become none: create another issuer to publish a cluster's keys alone`
  }
  const custody =
    settings.custody === undefined ? undefined : custodyProblem(keyManagers, settings.custody)
  const useless = custody ?? uselessSettingsProblem(after.custody, settings)
  if (useless !== undefined) return useless
  const adopted = ring.adopted.filter((key) => isPublishedAdoptedKey(key, now))
  const problems = policyProblems(after, bounds, adopted)
  return problems.length > 0 ? problems.join('; ') : undefined
}
