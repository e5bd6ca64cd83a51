/**
 * What a ring needs next, decided.
 *
 * Pure: the planner returns data, `run-rotation.ts` performs it. Nothing else changes a ring.
 */

import { CLOCK_SKEW_SECONDS } from '../limits.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyCustody } from '../signers/key-manager.ts'

export interface RotationAction {
  readonly type: 'create'
  /** `bootstrap`: the first key of a new issuer, which signs at once because no relying party knows the issuer yet. */
  readonly reason: 'bootstrap'
  readonly custody: KeyCustody
  /** In the past by the clock skew for the first key, so that a host whose clock is behind signs at once too. */
  readonly activatesAt: number
}

export function planRotation(document: IssuerDocument, now: number): RotationAction[] {
  const { policy, ring } = document
  const { custody } = policy
  if (custody === 'none' || ring.keys.length > 0) return []
  // Relying parties know an issuer that has published keys: a first key of its own could not sign at once.
  if (ring.adopted.length > 0 || ring.former.length > 0) return []
  return [{ type: 'create', reason: 'bootstrap', custody, activatesAt: now - CLOCK_SKEW_SECONDS }]
}
