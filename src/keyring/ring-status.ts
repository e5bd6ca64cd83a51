/**
 * How a ring is as a whole, derived: whether it does what it is there for, and whether its rotation goes on.
 */

import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { propagationInForce } from '../issuers/policy-in-force.ts'
import { ROTATION_GRACE_SECONDS } from '../limits.ts'
import { isPublishedAdoptedKey } from './adopted-status.ts'
import { activeKey, successorKey } from './key-status.ts'
import { rotationDueAt } from './next-moment.ts'
import { isOfPolicy } from './of-policy.ts'
import { secondSightingAt } from './second-sighting.ts'

/**
 * `overdue`: the active key signs on although its period is over, and a rotation that goes on would have ended that by now.
 * `successor_not_seen`: the public documents should have shown the next key by now. `successor_not_proved`: they have, and
 * it should be sure by now when it signs. `no_successor`: none was made. `no_published_key`: of an issuer that only publishes.
 */
export type RingStatus =
  | 'ok'
  | 'overdue'
  | 'successor_not_seen'
  | 'successor_not_proved'
  | 'no_successor'
  /** It publishes a cluster's keys, and its first own one does not sign yet. */
  | 'first_key_pending'
  | 'no_active_key'
  | 'no_published_key'

type Ring = Pick<PublicIssuer, 'policy' | 'settling' | 'ring'>

export function ringStatus(issuer: Ring, bounds: PublicationBounds, now: number): RingStatus {
  const { policy, ring } = issuer
  if (policy.custody === 'none') {
    const isPublished = ring.adopted.some((key) => isPublishedAdoptedKey(key, now))
    return isPublished ? 'ok' : 'no_published_key'
  }
  const active = activeKey(ring.keys, now)
  const due = rotationDueAt(ring.keys, policy, now)
  if (active?.activatesAt === undefined || due === undefined) {
    const hasSigned = ring.keys.some(({ activatesAt = Infinity }) => activatesAt <= now)
    const isPublished = ring.adopted.some((key) => isPublishedAdoptedKey(key, now))
    return !hasSigned && isPublished ? 'first_key_pending' : 'no_active_key'
  }
  // One that the policy does not want any more does not stand by: it leaves once another is confirmed.
  const wanted = ring.keys.filter((key) => isOfPolicy(key, policy))
  const successor = successorKey(wanted, now)
  if (successor === undefined) {
    if (due + ROTATION_GRACE_SECONDS < now) return 'overdue'
    const since = Math.max(active.publishedAt, active.activatesAt)
    return since + ROTATION_GRACE_SECONDS < now ? 'no_successor' : 'ok'
  }
  const { publishedAt, firstSeenAt, activatesAt } = successor
  // Either sighting takes as long as an older copy may be about.
  const shownBy = secondSightingAt(issuer, firstSeenAt ?? publishedAt, bounds, now)
  // The delay is counted from the first one, also where the period is hardly longer than it.
  const { delaySeconds } = propagationInForce(issuer, bounds, now)
  const readyAt = (firstSeenAt ?? shownBy) + delaySeconds
  if (Math.max(due, readyAt) + ROTATION_GRACE_SECONDS < now) return 'overdue'
  if (activatesAt !== undefined || now <= shownBy + ROTATION_GRACE_SECONDS) return 'ok'
  return firstSeenAt === undefined ? 'successor_not_seen' : 'successor_not_proved'
}
