/**
 * What a ring needs next, decided.
 *
 * Pure: the planner returns data, `rotate-issuer.ts` performs it. Nothing else changes a ring.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { planCreation } from './plan-creation.ts'
import { planPruning } from './plan-pruning.ts'
import { planSettling } from './plan-settling.ts'
import { planSuccessor } from './plan-successor.ts'
import type { RotationEvidence } from './rotation-evidence.ts'
import type { RotationPlan } from './rotation-plan.ts'

/**
 * `document`: as it is stored. Planning once more with what was done changes nothing; with a document, observations or a
 * clock that are older it may do less, and never more than the rules allow.
 */
export function planRotation(
  document: IssuerDocument,
  evidence: RotationEvidence,
  now: number,
): RotationPlan {
  const usable: RotationEvidence = {
    ...evidence,
    // Of a document that was never written, or was taken back, by restoring a backup say.
    observations: evidence.observations
      .filter(({ ringVersion }) => ringVersion <= document.revision)
      .toSorted((a, b) => a.at - b.at),
  }
  const plans = [
    planSettling(document, usable),
    planSuccessor(document, usable, now),
    planPruning(document, usable, now),
    planCreation(document, usable, now),
  ]
  return {
    actions: plans.flatMap(({ actions }) => actions),
    waits: plans.flatMap(({ waits }) => waits),
  }
}
