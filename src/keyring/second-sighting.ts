/**
 * How far apart two sightings of a key are, so that no copy from before the first can be left at the second.
 */

import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { policyInForce } from '../issuers/policy-in-force.ts'

/** When what is observed counts as the second sighting. */
export function secondSightingAt(
  issuer: Pick<PublicIssuer, 'policy' | 'settling'>,
  firstSeenAt: number,
  bounds: PublicationBounds,
  now: number,
): number {
  const { jwksMaxAgeSeconds } = policyInForce(issuer, bounds, now)
  return firstSeenAt + jwksMaxAgeSeconds + bounds.documentStalenessSeconds
}
