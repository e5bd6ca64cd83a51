/**
 * The proof that relying parties know the successor, and the moment from which on it signs.
 *
 * The public documents must have shown it twice, so far apart that no copy from before its publication can be left between.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
import { CLOCK_SKEW_SECONDS } from '../limits.ts'
import { seenKey } from '../publication/sighting.ts'
import {
  dueHandOver,
  earliestHandOver,
  isMovable,
  isReplaceable,
  standingKeys,
  wantedSuccessor,
} from './hand-over.ts'
import { isOfPolicy } from './of-policy.ts'
import type { RotationEvidence } from './rotation-evidence.ts'
import type { RotationAction, RotationPlan } from './rotation-plan.ts'
import { secondSightingAt } from './second-sighting.ts'

/** Clocks of runs differ, and a moment that each of them moves a little would never stay. */
const SOON_SECONDS = 2 * CLOCK_SKEW_SECONDS

const NOTHING: RotationPlan = { actions: [], waits: [] }

export function planSuccessor(
  document: IssuerDocument,
  evidence: RotationEvidence,
  now: number,
): RotationPlan {
  const successor = wantedSuccessor(document, now)
  if (successor === undefined) return NOTHING
  return successor.activatesAt === undefined
    ? planProof(document, successor, evidence, now)
    : planMoment(document, successor, evidence, now)
}

function planProof(
  document: IssuerDocument,
  successor: KeyRecord,
  evidence: RotationEvidence,
  now: number,
): RotationPlan {
  const { kid, publishedAt } = successor
  const sightings = evidence.observations
    // What an older document shows under this name is not this key.
    .filter(({ ringVersion }) => ringVersion >= successor.publishedRevision)
    .flatMap((observation) => {
      const fetched = seenKey(observation, successor)
      return fetched === undefined ? [] : [{ at: Math.max(observation.at, publishedAt), fetched }]
    })
  const firstSeenAt = successor.firstSeenAt ?? sightings[0]?.at
  if (firstSeenAt === undefined) {
    return { actions: [], waits: [{ reason: 'successor_not_seen', kid, publishedAt }] }
  }
  const seen: RotationAction[] =
    successor.firstSeenAt === undefined ? [{ type: 'see', kid, firstSeenAt }] : []
  const until = secondSightingAt(document, firstSeenAt, evidence.bounds, now)
  const second = sightings.findLast(({ at }) => at >= until)
  if (second === undefined) {
    return {
      actions: seen,
      waits: [
        now < until
          ? { reason: 'successor_seen_once', kid, until }
          : { reason: 'successor_not_seen', kid, publishedAt },
      ],
    }
  }
  const due = dueHandOver(document, { successor, firstSeenAt }, evidence.bounds, now)
  const activatesAt = Math.max(due, earliestHandOver(now))
  return {
    actions: [
      ...seen,
      { type: 'confirm', kid, activatesAt, fetched: second.fetched },
      ...planReplacing(document, successor, now),
    ],
    waits: [],
  }
}

/** Of a successor whose moment is written. */
function planMoment(
  document: IssuerDocument,
  successor: KeyRecord,
  { bounds }: RotationEvidence,
  now: number,
): RotationPlan {
  const replacing = planReplacing(document, successor, now)
  const { kid, firstSeenAt, activatesAt } = successor
  if (firstSeenAt === undefined || activatesAt === undefined || !isMovable(successor, now)) {
    return { actions: replacing, waits: [] }
  }
  const due = dueHandOver(document, { successor, firstSeenAt }, bounds, now)
  const earliest = earliestHandOver(now)
  // As soon as may be: that it is already, by the clock of another run.
  const isSoonEnough = due <= earliest && activatesAt <= earliest + SOON_SECONDS
  const moved = Math.max(due, earliest)
  if (moved === activatesAt || isSoonEnough) return { actions: replacing, waits: [] }
  return { actions: [{ type: 'reschedule', kid, activatesAt: moved }, ...replacing], waits: [] }
}

/** Every other key that waits for its time and is not needed, since the successor's is sure. */
function planReplacing(
  document: IssuerDocument,
  successor: KeyRecord,
  now: number,
): RotationAction[] {
  return (
    standingKeys(document, now)
      .filter((key) => key.kid !== successor.kid && isReplaceable(key, now))
      // Of a successor that is about to sign, or does by clocks that are ahead, the next one stands by rightly.
      .filter((key) => isMovable(successor, now) || !isOfPolicy(key, document.policy))
      .map(({ kid }) => ({ type: 'prune', kid, why: 'replaced' }))
  )
}
