/**
 * What the control API shows of a ring as a whole: its keys, the policy that moves them, and how its rotation goes.
 */

import { hasEverPublished } from '../issuers/ever-published.ts'
import { type IssuerDocument, policyOf } from '../issuers/issuer-document.ts'
import type { IssuerPolicy, PublicationBounds } from '../issuers/policy.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import type { PolicySettling } from '../issuers/policy-settling.ts'
import { nextMoment, type RingMoment } from '../keyring/next-moment.ts'
import { ringStatus, type RingStatus } from '../keyring/ring-status.ts'
import {
  type KeyView,
  keyViews,
  type LeftoverView,
  leftoverView,
  type ReservationView,
  reservationView,
} from './key-views.ts'

export interface RingView {
  readonly id: string
  readonly revision: number
  readonly status: RingStatus
  readonly nextMoment: RingMoment | null
  readonly policy: IssuerPolicy
  /** What of an earlier policy is still in force. */
  readonly settling?: PolicySettling
  /** How old the public documents may be. */
  readonly publication: PublicationBounds
  /** How long a superseded key stays published. */
  readonly retentionSeconds: number
  /** Whether relying parties can know the issuer: then its next key has to be proved before it signs. */
  readonly everPublished: boolean
  readonly keys: readonly KeyView[]
  readonly reservation?: ReservationView
  readonly leftovers: readonly LeftoverView[]
}

export function ringView(
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): RingView {
  const { id, revision, policy, settling, ring } = document
  const { documentStalenessSeconds, lastGoodSeconds } = bounds
  return {
    id,
    revision,
    status: ringStatus(document, bounds, now),
    nextMoment: nextMoment(document, bounds, now) ?? null,
    policy: policyOf(policy),
    ...(settling === undefined ? {} : { settling }),
    publication: { documentStalenessSeconds, lastGoodSeconds },
    retentionSeconds: retentionInForce(document, bounds, now),
    everPublished: hasEverPublished(ring),
    keys: keyViews(document, bounds, now),
    ...(ring.reservation === undefined ? {} : { reservation: reservationView(ring.reservation) }),
    leftovers: ring.leftovers.map(leftoverView),
  }
}
