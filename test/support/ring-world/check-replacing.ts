/**
 * Whether a key that waits for its time stays until another one is sure to follow.
 */

import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { CLOCK_SKEW_SECONDS, DECISION_SECONDS_MAX } from '../../../src/limits.ts'
import { reignsOf } from './signing-times.ts'
import type { World } from './world.ts'

/** Of a decision, until it is written by another clock. */
const IMPRECISE = DECISION_SECONDS_MAX + CLOCK_SKEW_SECONDS

/** Such a key leaves the ring only by the write that confirms another, or by a later one. */
export function* keptUntilConfirmed({ timeline, keys }: World): Iterable<string> {
  const reigns = reignsOf(timeline)
  for (const [index, { document, from }] of reigns.entries()) {
    const before = reigns[index - 1]?.document.ring.keys ?? []
    const after = document.ring.keys
    const isUsable = ({ keyRef }: KeyRecord): boolean =>
      keys.keys.some((key) => key.keyRef === keyRef && (key.deletedAt ?? Infinity) > from)
    const gone = before.filter(
      (key) => isWaiting(key, from) && isUsable(key) && !after.some(({ kid }) => kid === key.kid),
    )
    const isConfirmed = after.some(
      (key) => key.activatesAt !== undefined && isWaiting(key, from - IMPRECISE),
    )
    if (gone.length > 0 && !isConfirmed) {
      yield `(notice) a key that stands by leaves at ${from}, and none is sure to follow`
    }
  }
}

function isWaiting({ activatesAt = Infinity, revokedAt }: KeyRecord, at: number): boolean {
  return revokedAt === undefined && activatesAt > at
}
