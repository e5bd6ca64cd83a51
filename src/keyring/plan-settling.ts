/**
 * When a change of the policy has reached the public documents.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { RotationEvidence } from './rotation-evidence.ts'
import type { RotationPlan } from './rotation-plan.ts'

export function planSettling(
  { settling }: IssuerDocument,
  { observations }: RotationEvidence,
): RotationPlan {
  if (settling === undefined || settling.seenAt !== undefined) return { actions: [], waits: [] }
  const { revision } = settling
  const seen = observations.find(({ ringVersion }) => ringVersion >= revision)
  if (seen === undefined) return { actions: [], waits: [{ reason: 'policy_not_seen', revision }] }
  return { actions: [{ type: 'settle', seenAt: seen.at }], waits: [] }
}
