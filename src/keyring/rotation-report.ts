/**
 * What a rotation did, or would do, and what is waited for: for whoever asked for it. Nothing in it is secret.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { nextMoment, type RingMoment } from './next-moment.ts'
import type { RotationAction, RotationWait } from './rotation-plan.ts'

/** As planned; `kid`: of a key that was made. A confirmation leaves out the key that was fetched. */
export type ReportedAction =
  | (Extract<RotationAction, { readonly type: 'create' }> & { readonly kid?: string })
  | Exclude<RotationAction, { readonly type: 'create' | 'confirm' }>
  | Omit<Extract<RotationAction, { readonly type: 'confirm' }>, 'fetched'>

export interface RotationReport {
  readonly id: string
  /** After what was done. */
  readonly revision: number
  readonly dryRun: boolean
  readonly actions: readonly ReportedAction[]
  readonly waits: readonly RotationWait[]
  readonly nextMoment: RingMoment | null
}

export interface RotationOutcome {
  /** As it is stored now. */
  readonly document: IssuerDocument
  readonly dryRun: boolean
  readonly actions: readonly ReportedAction[]
  readonly waits: readonly RotationWait[]
}

export function rotationReport(
  { document, dryRun, actions, waits }: RotationOutcome,
  bounds: PublicationBounds,
  now: number,
): RotationReport {
  return {
    id: document.id,
    revision: document.revision,
    dryRun,
    actions,
    waits,
    nextMoment: nextMoment(document, bounds, now) ?? null,
  }
}

export function reportedAction(action: RotationAction): ReportedAction {
  if (action.type !== 'confirm') return action
  const { fetched: _, ...reported } = action
  return reported
}
