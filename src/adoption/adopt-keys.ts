/**
 * Adopting: a ring whose adopted keys are those of a cluster's present set.
 *
 * Pure. A key that is no longer in the set is withdrawn: it stays published for the retention, since tokens that it signed
 * are still about. Adopting a set twice is adopting it once.
 */

import type { KeyRing } from '../issuers/issuer-document.ts'
import type { AdoptedKeyRecord, FormerKey } from '../issuers/key-record.ts'
import { WITHDRAWN_RETENTION_DEFAULT_SECONDS } from '../limits.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import type { AdoptableKey } from './adoptable-key.ts'

/**
 * `ring` itself where the set changes nothing of what is published. `retentionSeconds`: of keys that are not in the set;
 * where it is left out, the default for those that are withdrawn now, and what was decided before for the others.
 */
export function adoptKeys(
  ring: KeyRing,
  keys: readonly AdoptableKey[],
  retentionSeconds: number | undefined,
  now: number,
): KeyRing {
  const [before, retired] = partition(ring.adopted, (key) => isPublishedAdoptedKey(key, now))
  const kept = before.map((key) =>
    keys.some(({ kid }) => kid === key.kid) ? inSet(key) : outOfSet(key, retentionSeconds, now),
  )
  const known = new Set(kept.map(({ kid }) => kid))
  const added = keys
    .filter(({ kid }) => !known.has(kid))
    .map((key) => ({ ...key, publishedAt: now }))
  const isUnchanged = added.length === 0 && kept.every((key, index) => key === before[index])
  if (isUnchanged) return ring
  const [published, gone] = partition(kept, (key) => isPublishedAdoptedKey(key, now))
  return {
    ...ring,
    adopted: [...published, ...added],
    former: withFormer(ring.former, [...retired, ...gone]),
  }
}

function inSet(key: AdoptedKeyRecord): AdoptedKeyRecord {
  if (key.withdrawal === undefined) return key
  const { withdrawal: _withdrawal, ...current } = key
  return current
}

/** Withdrawing it again may end its publication earlier where that is asked for, and never later. */
function outOfSet(
  key: AdoptedKeyRecord,
  retentionSeconds: number | undefined,
  now: number,
): AdoptedKeyRecord {
  const { withdrawal } = key
  if (withdrawal !== undefined && retentionSeconds === undefined) return key
  const publishedUntil = now + (retentionSeconds ?? WITHDRAWN_RETENTION_DEFAULT_SECONDS)
  if (withdrawal !== undefined && withdrawal.publishedUntil <= publishedUntil) return key
  // Not later than now, also where the clock was ahead when it was first withdrawn.
  const at = Math.min(withdrawal?.at ?? now, now)
  return { ...key, withdrawal: { at, publishedUntil } }
}

/** What is kept of keys that left: nothing is kept twice. */
function withFormer(
  former: readonly FormerKey[],
  gone: readonly AdoptedKeyRecord[],
): readonly FormerKey[] {
  const isKept = ({ kid, fingerprint }: AdoptedKeyRecord): boolean =>
    former.some((key) => key.kid === kid && key.fingerprint === fingerprint)
  return [
    ...former,
    ...gone
      .filter((key) => !isKept(key))
      .map(({ kid, fingerprint }) => ({ kid, fingerprint, origin: 'adopted' as const })),
  ]
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}
