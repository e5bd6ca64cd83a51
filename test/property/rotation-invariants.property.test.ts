/**
 * The invariants of the ring, over the lives of issuers in a world where everything goes wrong that may.
 *
 * Each history is held against every invariant; each test lives through those that are hardest for the one it is named for.
 * A failure says which history it was: `RING_SEED` and `RING_PATH` live through it again, `RING_HISTORIES` through more.
 * What a test names as lived through was: one that runs out of time fails.
 */

import { describe, expect, test } from 'vitest'
import { histories, LONG_MS } from '../support/ring-world/amount.ts'
import { anyHistory, type Emphasis } from '../support/ring-world/arbitrary-histories.ts'
import { brokenIn } from '../support/ring-world/broken-in.ts'

const INVARIANTS: readonly (readonly [string, readonly Emphasis[]])[] = [
  ['1: at every moment one key signs, and none that was superseded signs again', ['revoke']],
  ['2: a key was publicly visible for the whole delay before it signs', ['public store stuck']],
  ['3: every token stays verifiable unless its key was revoked', ['set policy']],
  ['4: hosts agree on the signer, but around a hand-over', ['races', 'set policy']],
  ['5: no key is lost, none that a ring names is destroyed', ['crashes', 'kept keys', 'sweep']],
  ['6: a read never writes', ['confirm', 'adopt']],
]

const COUNT = histories(150)

describe(`over ${COUNT} histories each, ${INVARIANTS.length * COUNT} in all`, () => {
  test.each(INVARIANTS)(
    '%s',
    async (_, emphasis) => {
      const broken = await brokenIn(anyHistory(...emphasis), { isQuietAfter: false, count: COUNT })
      // oxlint-disable-next-line vitest/valid-expect -- said in full, which a difference of texts is not
      expect(broken, broken).toBe('nothing')
    },
    LONG_MS,
  )
})
