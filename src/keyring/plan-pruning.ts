/**
 * Which keys leave the ring: those of which no token can be valid any more.
 *
 * A key that signed leaves only behind those that signed before it: without it they would sign again, since a key signs until
 * the next one does.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import { CLOCK_SKEW_SECONDS } from '../limits.ts'
import { retirementAt, scheduledKeys } from './key-status.ts'
import type { RotationEvidence } from './rotation-evidence.ts'
import type { RotationAction, RotationPlan } from './rotation-plan.ts'

export function planPruning(
  document: IssuerDocument,
  { bounds }: RotationEvidence,
  now: number,
): RotationPlan {
  const { keys } = document.ring
  // Hosts whose clocks are behind still publish it.
  const keptFor = retentionInForce(document, bounds, now) + 2 * CLOCK_SKEW_SECONDS
  const signing = scheduledKeys(keys)
  const firstToStay = signing.findIndex(
    ({ supersededAt }) => now < retirementAt(supersededAt, keptFor),
  )
  const retired: RotationAction[] = signing
    .slice(0, firstToStay === -1 ? signing.length : firstToStay)
    .map(({ key }) => ({ type: 'prune', kid: key.kid, why: 'retired' }))
  const neverSigned = keys.filter((key) => !signing.some((entry) => entry.key === key))
  const revoked: RotationAction[] = neverSigned
    .filter(({ revokedAt = Infinity }) => revokedAt + keptFor <= now)
    .map(({ kid }) => ({ type: 'prune', kid, why: 'revoked' }))
  return { actions: [...retired, ...revoked], waits: [] }
}
