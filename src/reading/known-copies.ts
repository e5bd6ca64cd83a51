/**
 * The public copies that an instance keeps in memory: bounded, the longest unconfirmed ones forgotten first.
 */

import type { PublicCopy } from '../issuers/issuer-document.ts'
import type { IssuerLocation } from '../locations/issuer-location.ts'
import { MEMORY_COPIES_MAX } from '../limits.ts'

export interface KnownCopy {
  readonly copy: PublicCopy
  /** When storage last had it, or a later version was already known. */
  readonly confirmedAt: number
  /** From when on storage is asked again. */
  readonly askAgainAt: number
  /** Whether storage was asked since, and did not confirm it. */
  readonly isLastGood: boolean
}

export interface KnownCopies {
  get(location: IssuerLocation): KnownCopy | undefined
  set(location: IssuerLocation, known: KnownCopy): void
}

export function knownCopies(weightMax: number = MEMORY_COPIES_MAX): KnownCopies {
  // A Map iterates in the order of insertion, and each confirmation inserts anew.
  const copies = new Map<IssuerLocation, KnownCopy>()
  let weight = 0

  function forget(location: IssuerLocation): void {
    const known = copies.get(location)
    if (known === undefined) return
    copies.delete(location)
    weight -= weightOf(known)
  }

  return {
    get: (location) => copies.get(location),
    set: (location, known) => {
      forget(location)
      copies.set(location, known)
      weight += weightOf(known)
      for (const oldest of copies.keys()) {
        if (weight <= weightMax) break
        forget(oldest)
      }
    },
  }
}

function weightOf({ copy }: KnownCopy): number {
  return copy.kind === 'tombstone' ? 1 : 1 + copy.ring.keys.length + copy.ring.adopted.length
}
