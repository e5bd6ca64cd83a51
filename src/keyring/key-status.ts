/**
 * Key status, derived.
 *
 * Everything here is computed from the stored moments, the retention and `now`. No I/O, no clock.
 *
 * A key signs in [activatesAt, min(next.activatesAt, revokedAt)), where `next` is the next key by activatesAt that
 * was not revoked before it activated. So at most one key signs at any moment, a superseded key never signs again,
 * and a key that is revoked before it activates leaves its predecessor active.
 */

import type { PublicKeyRecord } from '../issuers/key-record.ts'

export type KeyStatus = 'pending' | 'active' | 'retiring' | 'retired' | 'revoked'

/** A key that has, had or will have its time to sign. */
interface ScheduledKey<K> {
  readonly key: K
  readonly activatesAt: number
  /** When the next key takes over; `undefined` while there is no next key. */
  readonly supersededAt: number | undefined
}

/** The keys whose time to sign is set, in the order in which they sign. */
export function scheduledKeys<K extends PublicKeyRecord>(keys: readonly K[]): ScheduledKey<K>[] {
  const scheduled = keys.flatMap((key) =>
    key.activatesAt === undefined || wasRevokedBefore(key, key.activatesAt)
      ? []
      : [{ key, activatesAt: key.activatesAt }],
  )
  // The sort is stable: of two keys with one moment the later in the ring supersedes the earlier at once.
  scheduled.sort((a, b) => a.activatesAt - b.activatesAt)
  return scheduled.map((entry, index) => ({
    ...entry,
    supersededAt: scheduled[index + 1]?.activatesAt,
  }))
}

/** Whether a revocation took effect at or before `moment`. */
function wasRevokedBefore(key: PublicKeyRecord, moment: number): boolean {
  return key.revokedAt !== undefined && key.revokedAt <= moment
}

/** The key that signs at `now`, if one does. */
export function activeKey<K extends PublicKeyRecord>(
  keys: readonly K[],
  now: number,
): K | undefined {
  return scheduledKeys(keys).find(
    ({ key, activatesAt, supersededAt }) =>
      activatesAt <= now &&
      (supersededAt === undefined || now < supersededAt) &&
      !wasRevokedBefore(key, now),
  )?.key
}

/** `retentionSeconds`: how long a superseded key stays published. */
export function keyStatus<K extends PublicKeyRecord>(
  keys: readonly K[],
  key: K,
  retentionSeconds: number,
  now: number,
): KeyStatus {
  const scheduled = scheduledKeys(keys).find((entry) => entry.key.kid === key.kid)
  return statusOf(key, scheduled, retentionSeconds, now)
}

/** Of every key, in ring order: less work than `keyStatus` of each. */
function keyStatuses(
  keys: readonly PublicKeyRecord[],
  retentionSeconds: number,
  now: number,
): KeyStatus[] {
  const scheduled = new Map(scheduledKeys(keys).map((entry) => [entry.key, entry]))
  return keys.map((key) => statusOf(key, scheduled.get(key), retentionSeconds, now))
}

function statusOf(
  key: PublicKeyRecord,
  scheduled: ScheduledKey<PublicKeyRecord> | undefined,
  retentionSeconds: number,
  now: number,
): KeyStatus {
  if (wasRevokedBefore(key, now)) return 'revoked'
  if (scheduled === undefined || now < scheduled.activatesAt) return 'pending'
  const { supersededAt } = scheduled
  if (supersededAt === undefined || now < supersededAt) return 'active'
  return now < retirementAt(supersededAt, retentionSeconds) ? 'retiring' : 'retired'
}

/** When a key leaves the JWK Set that was superseded then; never while no other key is to follow it. */
export function retirementAt(supersededAt: number | undefined, retentionSeconds: number): number {
  return (supersededAt ?? Infinity) + retentionSeconds
}

/**
 * The members of the JWK Set at `now`, in ring order. Being in the ring is being published: `publishedAt` says since when,
 * and a host whose clock is behind must not serve a set without its newest key.
 */
export function publishedKeys<K extends PublicKeyRecord>(
  keys: readonly K[],
  retentionSeconds: number,
  now: number,
): K[] {
  const statuses = keyStatuses(keys, retentionSeconds, now)
  return keys.filter((_, index) => statuses[index] !== 'retired' && statuses[index] !== 'revoked')
}

/** The published key that signs next: the first whose time is set, else the first whose time is not decided. */
export function successorKey<K extends PublicKeyRecord>(
  keys: readonly K[],
  now: number,
): K | undefined {
  const standingBy = keys.filter((key) => key.revokedAt === undefined && !isActivated(key, now))
  // Of keys with one moment the last one signs; the others are superseded at once.
  const scheduled = scheduledKeys(standingBy).find(
    ({ activatesAt, supersededAt }) => supersededAt !== activatesAt,
  )
  return scheduled?.key ?? standingBy.find(({ activatesAt }) => activatesAt === undefined)
}

function isActivated({ activatesAt }: PublicKeyRecord, now: number): boolean {
  return activatesAt !== undefined && activatesAt <= now
}
