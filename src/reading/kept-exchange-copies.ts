/**
 * The copies that tokens are issued by, as an instance keeps them in memory: bounded, the longest unread ones forgotten first.
 */

import type { ExchangeCopy } from './exchange-copies.ts'

export interface KeptExchangeCopy {
  readonly copy: ExchangeCopy
  /** What it takes in memory, as `copyWeight` has it. */
  readonly weight: number
  /** Of the policy that was compiled; `undefined` where none was set. */
  readonly policyEtag: string | undefined
  /** When storage was asked that had it. */
  readonly askedAt: number
  /** Whether storage is asked anew whatever its age. */
  readonly isForgotten: boolean
}

export interface KeptExchangeCopies {
  get(id: string): KeptExchangeCopy | undefined
  set(id: string, kept: KeptExchangeCopy): void
}

/** In bytes, of the 128 MB that a Worker has. */
const WEIGHT_MAX = 30_000_000

export function keptExchangeCopies(weightMax: number = WEIGHT_MAX): KeptExchangeCopies {
  // A Map iterates in the order of insertion, and each read of storage inserts anew.
  const copies = new Map<string, KeptExchangeCopy>()
  let weight = 0

  function drop(id: string): void {
    const kept = copies.get(id)
    if (kept === undefined) return
    copies.delete(id)
    weight -= kept.weight
  }

  return {
    get: (id) => copies.get(id),
    set: (id, kept) => {
      drop(id)
      copies.set(id, kept)
      weight += kept.weight
      for (const oldest of copies.keys()) {
        // One that is too heavy by itself is kept all the same: compiling it at each token would cost more.
        if (weight <= weightMax || oldest === id) break
        drop(oldest)
      }
    },
  }
}
