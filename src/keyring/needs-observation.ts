/**
 * Whether a rotation has a question that only the public documents answer.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { wantedSuccessor } from './hand-over.ts'
import { secondSightingAt } from './second-sighting.ts'

export function needsObservation(
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): boolean {
  const { settling } = document
  if (settling !== undefined && settling.seenAt === undefined) return true
  const successor = wantedSuccessor(document, now)
  if (successor === undefined || successor.activatesAt !== undefined) return false
  const { firstSeenAt } = successor
  return firstSeenAt === undefined || now >= secondSightingAt(document, firstSeenAt, bounds, now)
}
