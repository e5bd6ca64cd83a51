/**
 * Keys that share a `kid`: a token names its key by nothing else, so each of them is tried.
 */

import { KEYS_PER_KID_MAX } from '../limits.ts'
import type { VerificationKey } from './verification-key.ts'

export function withoutRepeats(keys: readonly VerificationKey[]): VerificationKey[] {
  const distinct = new Map<string, VerificationKey>()
  for (const key of keys) {
    // The same key may be there once for each of its algorithms.
    distinct.set(JSON.stringify([key.kid, key.fingerprint, key.algorithms]), key)
  }
  return [...distinct.values()]
}

/** A `kid` that too many of `keys` have, if there is one. */
export function crowdedKid(keys: readonly Pick<VerificationKey, 'kid'>[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { kid } of keys) {
    const count = (counts.get(kid) ?? 0) + 1
    if (count > KEYS_PER_KID_MAX) return kid
    counts.set(kid, count)
  }
  return undefined
}
