/**
 * The members of the JWK Set: keys of our own and adopted ones, derived from the ring and the time.
 */

import type { PublicRing } from '../issuers/issuer-document.ts'
import type { PublishedKey } from '../issuers/key-record.ts'
import { isPublishedAdoptedKey } from './adopted-status.ts'
import { publishedKeys, retirementAt, scheduledKeys } from './key-status.ts'

/** In ring order, our own first. `retentionSeconds`: how long a superseded key of our own stays published. */
export function publishedRing(
  { keys, adopted }: PublicRing,
  retentionSeconds: number,
  now: number,
): PublishedKey[] {
  return [
    ...publishedKeys(keys, retentionSeconds, now),
    ...adopted.filter((key) => isPublishedAdoptedKey(key, now)),
  ]
}

/** A time: `from` is in it, `until` is not. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** The time around `now` in which the members of the JWK Set are the same. `changes`: when the retention changes. */
export function publishedSpan(
  { keys, adopted }: PublicRing,
  retentionSeconds: number,
  changes: readonly number[],
  now: number,
): Span {
  const moments = [
    ...changes,
    ...keys.flatMap(({ revokedAt }) => revokedAt ?? []),
    ...scheduledKeys(keys).map(({ supersededAt }) => retirementAt(supersededAt, retentionSeconds)),
    ...adopted.flatMap(({ withdrawal }) => withdrawal?.publishedUntil ?? []),
  ]
  return {
    from: Math.max(...moments.filter((moment) => moment <= now)),
    until: Math.min(...moments.filter((moment) => moment > now)),
  }
}
