/**
 * What an operator can do with issuers: create, read, update, delete.
 *
 * Every change is one conditional write of the issuer's document. A change that lost a race is refused and changes
 * nothing.
 */

import { nextRevision, tombstoneOf } from '../issuers/issuer-changes.ts'
import type { IssuerDocument, IssuerTombstone } from '../issuers/issuer-document.ts'
import { type DurationSetting, type IssuerPolicy, policyProblems } from '../issuers/policy.ts'
import { renewKeys } from '../keyring/renew-keys.ts'
import { runRotation } from '../keyring/run-rotation.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { changeIssuer, loadIssuer } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { createIssuer } from './create-issuer.ts'

/** Algorithm and custody belong to keys that exist: they do not change with the policy. */
export type PolicyChange = Partial<Record<DurationSetting, number>>

export interface IssuerOperations {
  create(id: string, settings: Partial<IssuerPolicy>): Promise<Outcome<IssuerDocument>>
  read(id: string): Promise<Outcome<IssuerDocument>>
  /** `revision`: the one that the operator has seen; any when `undefined`. */
  update(
    id: string,
    settings: PolicyChange,
    revision: number | undefined,
  ): Promise<Outcome<IssuerDocument>>
  /** Leaves a tombstone: neither the id nor the identifier is ever given again. */
  delete(
    id: string,
    reason: string | undefined,
    revision: number | undefined,
  ): Promise<Outcome<IssuerTombstone>>
}

export function issuerOperations(deps: OperationDeps): IssuerOperations {
  const { keyManager, bounds } = deps
  return {
    create: (id, settings) => createIssuer(deps, id, settings),
    read: async (id) => {
      const found = await loadIssuer(deps, id)
      return found.ok ? accepted(found.value.stored) : found
    },
    update: (id, settings, revision) =>
      changeIssuer(deps, {
        id,
        revision,
        apply: async (document, now) => {
          const policy = { ...document.policy, ...settings }
          const problems = policyProblems(policy, bounds)
          if (problems.length > 0) return refused('invalid_request', problems.join('; '))
          const changed = { ...nextRevision(document, now), policy }
          const renewed = await renewKeys(changed, keyManager, now)
          return accepted(await runRotation(renewed, keyManager, now))
        },
      }),
    delete: (id, reason, revision) =>
      changeIssuer(deps, {
        id,
        revision,
        apply: async (document, now) => accepted(tombstoneOf(document, reason, now)),
      }),
  }
}
