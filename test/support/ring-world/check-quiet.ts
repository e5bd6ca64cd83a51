/**
 * What has come about after a time in which every job ran and nothing went wrong.
 */

import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { type PublicationBounds, retentionSeconds } from '../../../src/issuers/policy.ts'
import { leftoversOf, usesSlot } from '../../../src/issuers/leftovers.ts'
import { activeKey, scheduledKeys } from '../../../src/keyring/key-status.ts'
import type { World } from './world.ts'

const HOUR = 3600
const DAY = 86_400

/** What is forgotten is deleted a day later, within the longest window, and then one more sweep finds it gone. */
export const CLEAN_SECONDS = 45 * DAY

/** When a ring must be in order at the latest, after `since`. */
export function isQuietOver({ timeline, simulation, bounds }: World, since: number): boolean {
  const stored = timeline.latest()?.stored
  if (stored?.kind !== 'issuer') return true
  const { policy } = stored
  const enough = 2 * policy.rotationPeriodSeconds + settlingSeconds(stored, bounds) + 6 * HOUR
  return simulation.now() - since > enough
}

/** Until the largest old values are not in force any more, and no key is kept for their sake. */
function settlingSeconds({ policy, settling }: IssuerDocument, bounds: PublicationBounds): number {
  const { jwksMaxAgeSeconds = 0, tokenTtlMaxSeconds = 0 } = settling ?? {}
  const largest = 3 * Math.max(jwksMaxAgeSeconds, tokenTtlMaxSeconds)
  return retentionSeconds(policy, bounds) + bounds.lastGoodSeconds + largest
}

/** After sweeps alone, for as long as deletions take. */
export function* withoutOrphans({ keys, timeline, simulation }: World): Iterable<string> {
  const stored = timeline.latest()?.stored
  if (stored === undefined) return
  const since = simulation.now() - CLEAN_SECONDS
  const old = leftoversOf(stored).filter(({ forgottenAt }) => forgottenAt < since)
  if (old.length > 0) yield `(5) leftovers stay after the sweeps`
  const orphans = keys.keys.filter(
    ({ custody, isForeign, binding, deletedAt = Infinity }) =>
      custody === 'kms' &&
      !isForeign &&
      deletedAt > simulation.now() &&
      !usesSlot(stored, binding.slot) &&
      !leftoversOf(stored).some(
        ({ slot, forgottenAt }) => slot === binding.slot && forgottenAt >= since,
      ),
  )
  if (orphans.length > 0) yield `(5) orphans stay after the sweeps`
}

export function* inRotation(
  { keys, timeline, simulation, bounds }: World,
  since: number,
): Iterable<string> {
  const stored = timeline.latest()?.stored
  if (stored?.kind !== 'issuer' || stored.policy.custody === 'none') return
  const { ring, policy, settling } = stored
  const now = Math.floor(simulation.now())
  if (ring.reservation !== undefined) yield '(liveness) a reservation stays'
  if (settling !== undefined && settling.seenAt === undefined) {
    yield '(liveness) a change of the policy does not settle'
  }
  // One that can never be proved stands in the way, as it should.
  if (
    keys.keys.some(
      ({ kid, isMismatched }) => isMismatched && ring.keys.some((key) => key.kid === kid),
    )
  ) {
    return
  }
  const active = activeKey(ring.keys, now)
  if (active?.activatesAt === undefined) {
    yield '(liveness) no key signs'
    return
  }
  // A successor that is made when its predecessor begins is ready by then, or as soon as it can be.
  const slack = settlingSeconds(stored, bounds) + policy.propagationDelaySeconds + 6 * HOUR
  if (active.activatesAt + policy.rotationPeriodSeconds + slack < now) {
    yield `(liveness) the ring is not rotated for ${now - active.activatesAt} s`
  }
  if (active.activatesAt < since - slack) yield '(liveness) the ring does not rotate'
  if (active.alg !== policy.algorithm || active.custody !== policy.custody) {
    yield '(liveness) the key that signs is not the one that the policy wants'
  }
  const hasJustBegun = active.activatesAt > now - HOUR
  const standing = ring.keys.filter(({ activatesAt = Infinity, revokedAt }) => {
    return activatesAt > now && revokedAt === undefined
  })
  if (standing.length === 0 && !hasJustBegun) yield '(liveness) no successor stands by'
  const isUnwanted = standing.some(
    ({ alg, custody }) => alg !== policy.algorithm || custody !== policy.custody,
  )
  if (isUnwanted) yield '(liveness) a key stands by that is not of the kind that the policy wants'
  const kept = retentionSeconds(policy, bounds) + DAY
  const stale = scheduledKeys(ring.keys).filter(
    ({ supersededAt = Infinity }) => supersededAt + kept < now,
  )
  if (stale.length > 0) yield '(liveness) a retired key stays'
}
