/**
 * What is known of remote key sets, in memory. Keys make room for those that were used later; when their issuer was asked
 * is remembered for far more sets, or too many of them would be fetched at each token.
 */

import { REMOTE_KEYS_MAX, REMOTE_SETS_MAX } from '../limits.ts'
import {
  type KeptKeys,
  type KeySetHistory,
  type KnownKeySet,
  NO_HISTORY,
} from './remote-key-set.ts'

export interface KnownKeySets {
  get(id: string): KnownKeySet
  /** As `get`, and the last to be forgotten from now on. */
  use(id: string): KnownKeySet
  set(id: string, known: KnownKeySet): void
}

export interface KnownKeySetsBounds {
  /** A set counts one more than it has keys. */
  readonly keysMax: number
  readonly setsMax: number
}

const BOUNDS: KnownKeySetsBounds = { keysMax: REMOTE_KEYS_MAX, setsMax: REMOTE_SETS_MAX }

export function knownKeySets({ keysMax, setsMax }: KnownKeySetsBounds = BOUNDS): KnownKeySets {
  // A Map iterates in the order of insertion, and each use inserts anew.
  const histories = new Map<string, KeySetHistory>()
  const keySets = new Map<string, KeptKeys>()
  let weight = 0

  function get(id: string): KnownKeySet {
    return { ...(histories.get(id) ?? NO_HISTORY), kept: keySets.get(id) }
  }

  function drop(id: string): void {
    const kept = keySets.get(id)
    if (kept === undefined) return
    keySets.delete(id)
    weight -= weightOf(kept)
  }

  function keep(id: string, kept: KeptKeys): void {
    keySets.set(id, kept)
    weight += weightOf(kept)
    for (const oldest of keySets.keys()) {
      if (weight <= keysMax) break
      drop(oldest)
    }
  }

  function set(id: string, { kept, ...history }: KnownKeySet): void {
    histories.delete(id)
    histories.set(id, history)
    const [oldest] = histories.keys()
    if (histories.size > setsMax && oldest !== undefined) histories.delete(oldest)
    drop(id)
    if (kept !== undefined) keep(id, kept)
  }

  return {
    get,
    set,
    use: (id) => {
      const known = get(id)
      if (histories.has(id)) set(id, known)
      return known
    },
  }
}

function weightOf({ keys }: KeptKeys): number {
  return 1 + keys.length
}
