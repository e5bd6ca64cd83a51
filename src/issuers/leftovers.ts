/**
 * What a ring forgets and somebody still keeps.
 */

import { isKeptElsewhere } from '../signers/kept-elsewhere.ts'
import type { StoredIssuer } from './issuer-document.ts'
import type { KeyRecord, Leftover, Reservation } from './key-record.ts'

/** What is left elsewhere of a key that its ring forgets, if anything is. */
export function leftoverOf(key: KeyRecord, now: number): Leftover[] {
  const { slot, alg, custody, kid, keyRef } = key
  if (!isKeptElsewhere(custody)) return []
  return [{ slot, alg, custody, forgottenAt: now, kid, keyRef }]
}

/** Of a key that may have been made, or not. */
export function unmadeLeftover({ slot, alg, custody }: Reservation, now: number): Leftover {
  return { slot, alg, custody, forgottenAt: now }
}

export function leftoversOf(stored: StoredIssuer): readonly Leftover[] {
  return stored.kind === 'tombstone' ? stored.leftovers : stored.ring.leftovers
}

/** Whether the ring has a use for what is kept at this place. */
export function usesSlot(stored: StoredIssuer, slot: string): boolean {
  if (stored.kind === 'tombstone') return false
  const { keys, reservation } = stored.ring
  return reservation?.slot === slot || keys.some((key) => key.slot === slot)
}
