/**
 * The derived states against a second, naive model, which lives through the ring second by second and remembers.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PublicKeyRecord } from '../../src/issuers/key-record.ts'
import {
  activeKey,
  type KeyStatus,
  keyStatus,
  publishedKeys,
} from '../../src/keyring/key-status.ts'
import { anyMoment, anyRetention, anyRing, RING_END } from '../support/arbitraries.ts'

const SECONDS = Array.from({ length: RING_END + 12 }, (_, second) => second)

interface Lived {
  readonly statuses: readonly KeyStatus[]
  readonly signer: string | undefined
  readonly published: readonly string[]
}

/** What is so in each second, from the first on: events change what is remembered, nothing is computed ahead. */
function live(keys: readonly PublicKeyRecord[], retention: number): Lived[] {
  const revoked = new Set<PublicKeyRecord>()
  const supersededAt = new Map<PublicKeyRecord, number>()
  let holder: PublicKeyRecord | undefined

  function statusOf(key: PublicKeyRecord, second: number): KeyStatus {
    if (revoked.has(key)) return 'revoked'
    if (key === holder) return 'active'
    const since = supersededAt.get(key)
    if (since === undefined) return 'pending'
    return second - since < retention ? 'retiring' : 'retired'
  }

  return SECONDS.map((second) => {
    for (const key of keys) if (key.revokedAt === second) revoked.add(key)
    for (const key of keys) {
      if (key.activatesAt === second && !revoked.has(key)) {
        if (holder !== undefined) supersededAt.set(holder, second)
        holder = key
      }
    }
    const statuses = keys.map((key) => statusOf(key, second))
    return {
      statuses,
      signer: keys.find((_, index) => statuses[index] === 'active')?.kid,
      published: keys
        .filter((_, index) => statuses[index] !== 'retired' && statuses[index] !== 'revoked')
        .map(({ kid }) => kid),
    }
  })
}

describe('derived states and the naive model', () => {
  test('agree on every key in every second', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, (keys, retention) => {
        const derived = SECONDS.map((now) => ({
          statuses: keys.map((key) => keyStatus(keys, key, retention, now)),
          signer: activeKey(keys, now)?.kid,
          published: publishedKeys(keys, retention, now).map(({ kid }) => kid),
        }))
        expect(derived).toEqual(live(keys, retention))
      }),
      { numRuns: 500 },
    )
  })

  test('agree that at most one key is active, and that it is the one that signs', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const active = keys.filter((key) => keyStatus(keys, key, retention, now) === 'active')
        const signer = activeKey(keys, now)
        expect(active).toEqual(signer === undefined ? [] : [signer])
      }),
    )
  })

  test('are those of the key with the same kid, whoever holds the copy', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const copies = structuredClone(keys)
        const statuses = keys.map((key) => keyStatus(keys, key, retention, now))
        expect(copies.map((key) => keyStatus(keys, key, retention, now))).toEqual(statuses)
      }),
    )
  })

  test('do not depend on when they are asked, nor change the ring that is asked', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const before = structuredClone(keys)
        const first = publishedKeys(keys, retention, now)
        activeKey(keys, RING_END)
        expect(publishedKeys(keys, retention, now)).toEqual(first)
        expect(keys).toEqual(before)
      }),
    )
  })
})
