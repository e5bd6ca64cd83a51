/**
 * What is published, over the life of a ring, and the order of the states of a key.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PublicKeyRecord } from '../../src/issuers/key-record.ts'
import { activeKey, keyStatus, publishedKeys } from '../../src/keyring/key-status.ts'
import {
  anyMoment,
  anyRetention,
  anyRing,
  RING_END,
  ringWithoutRevocations,
} from '../support/arbitraries.ts'

const SECONDS = Array.from({ length: RING_END + 12 }, (_, second) => second)
const FORWARD = ['pending', 'active', 'retiring', 'retired', 'revoked']

function isPublished(
  keys: readonly PublicKeyRecord[],
  key: PublicKeyRecord,
  retention: number,
  now: number,
): boolean {
  return publishedKeys(keys, retention, now).includes(key)
}

describe('publication', () => {
  test('never includes a revoked key, from the second of its revocation on', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const published = publishedKeys(keys, retention, now)
        expect(published.filter(({ revokedAt = Infinity }) => revokedAt <= now)).toEqual([])
      }),
    )
  })

  test('always includes the key that signs and every key that may sign later', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const signing = keys.filter((key) => {
          const status = keyStatus(keys, key, retention, now)
          return status === 'active' || status === 'pending'
        })
        expect(publishedKeys(keys, retention, now)).toEqual(expect.arrayContaining(signing))
      }),
    )
  })

  test('does not wait for a clock that is behind', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const later = keys.map((key) => ({ ...key, publishedAt: key.publishedAt + 60 }))
        const kidsOf = (ring: readonly PublicKeyRecord[]): string[] =>
          publishedKeys(ring, retention, now).map(({ kid }) => kid)
        expect(kidsOf(later)).toEqual(kidsOf(keys))
      }),
    )
  })

  test('lasts for exactly the retention after a key was superseded', () => {
    fc.assert(
      fc.property(ringWithoutRevocations, anyRetention, (keys, retention) => {
        const moments = keys.flatMap(({ activatesAt }) => activatesAt ?? [])
        for (const key of keys.filter(({ kid }) => signedAtAnyTime(keys, kid))) {
          const own = key.activatesAt ?? Infinity
          const superseded = Math.min(Infinity, ...moments.filter((moment) => moment > own))
          const seconds = SECONDS.filter((now) => isPublished(keys, key, retention, now))
          expect(seconds).toEqual(SECONDS.filter((now) => now < superseded + retention))
        }
      }),
    )
  })

  test('keeps the order of the ring', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const published = publishedKeys(keys, retention, now)
        expect(published).toEqual(keys.filter((key) => published.includes(key)))
      }),
    )
  })
})

describe('the states of a key', () => {
  test('only move forward, and revoked is the last', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, (keys, retention) => {
        for (const key of keys) {
          const ranks = SECONDS.map((now) => FORWARD.indexOf(keyStatus(keys, key, retention, now)))
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
        }
      }),
    )
  })

  test('are pending for ever while no activation is set', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const statuses = keys
          .filter(
            ({ activatesAt, revokedAt = Infinity }) => activatesAt === undefined && now < revokedAt,
          )
          .map((key) => keyStatus(keys, key, retention, now))
        expect(statuses.filter((status) => status !== 'pending')).toEqual([])
      }),
    )
  })
})

function signedAtAnyTime(keys: readonly PublicKeyRecord[], kid: string): boolean {
  return SECONDS.some((now) => activeKey(keys, now)?.kid === kid)
}
