/**
 * Who signs next, and what the ring waits for.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PublicRing } from '../../src/issuers/issuer-document.ts'
import type { PublicKeyRecord } from '../../src/issuers/key-record.ts'
import { DEFAULT_POLICY } from '../../src/issuers/policy.ts'
import { isPublishedAdoptedKey } from '../../src/keyring/adopted-status.ts'
import { activeKey, keyStatus, publishedKeys, successorKey } from '../../src/keyring/key-status.ts'
import { nextMoment } from '../../src/keyring/next-moment.ts'
import { anyAdopted, anyMoment, anyRetention, anyRing, RING_END } from '../support/arbitraries.ts'
import { boundsOfRetention } from '../support/rotation-fixtures.ts'

/** Longer than an arbitrary ring lasts, so that a rotation is never due within it. */
const POLICY = { ...DEFAULT_POLICY, rotationPeriodSeconds: 10 * RING_END }

/** Which of them are published: all that ever changes of an adopted key. */
function adoptedAt({ adopted }: PublicRing, now: number): string[] {
  return adopted.filter((key) => isPublishedAdoptedKey(key, now)).map(({ kid }) => kid)
}

const ringWithAdopted: fc.Arbitrary<PublicRing> = fc.record({ keys: anyRing, adopted: anyAdopted })

function statusesAt(keys: readonly PublicKeyRecord[], retention: number, now: number): string[] {
  return keys.map((key) => keyStatus(keys, key, retention, now))
}

describe('the successor', () => {
  test('is a pending key that is published and has no revocation, never the one that signs', () => {
    fc.assert(
      fc.property(anyRing, anyRetention, anyMoment, (keys, retention, now) => {
        const successor = successorKey(keys, now)
        if (successor === undefined) return
        expect(keyStatus(keys, successor, retention, now)).toBe('pending')
        expect(publishedKeys(keys, retention, now)).toContain(successor)
        expect(successor).not.toBe(activeKey(keys, now))
        expect(successor).not.toHaveProperty('revokedAt')
      }),
    )
  })

  test('is there exactly while a pending key without revocation is', () => {
    fc.assert(
      fc.property(anyRing, anyMoment, (keys, now) => {
        const standingBy = keys.filter(
          (key) => keyStatus(keys, key, 0, now) === 'pending' && key.revokedAt === undefined,
        )
        expect(successorKey(keys, now) !== undefined).toBe(standingBy.length > 0)
      }),
    )
  })

  test('activates before every other one, and the undecided come last', () => {
    fc.assert(
      fc.property(anyRing, anyMoment, (keys, now) => {
        const moments = keys
          .filter((key) => keyStatus(keys, key, 0, now) === 'pending')
          .filter(({ revokedAt }) => revokedAt === undefined)
          .map(({ activatesAt = Infinity }) => activatesAt)
        const earliest = moments.length === 0 ? undefined : Math.min(...moments)
        const successor = successorKey(keys, now)
        expect(successor && (successor.activatesAt ?? Infinity)).toBe(earliest)
      }),
    )
  })

  test('hands the ring over in the second of its activation', () => {
    fc.assert(
      fc.property(anyRing, anyMoment, (keys, now) => {
        const activatesAt = successorKey(keys, now)?.activatesAt
        if (activatesAt === undefined) return
        expect(activeKey(keys, activatesAt)?.activatesAt).toBe(activatesAt)
      }),
    )
  })
})

describe('the next moment', () => {
  test('is later than now, and until then nothing changes', () => {
    fc.assert(
      fc.property(ringWithAdopted, anyRetention, anyMoment, (ring, retention, now) => {
        const { keys } = ring
        const { at } = nextMoment(
          { policy: POLICY, ring },
          boundsOfRetention(POLICY, retention),
          now,
        ) ?? {
          at: now + 2 * RING_END,
        }
        expect(at).toBeGreaterThan(now)
        const seconds = Array.from({ length: Math.min(at - now, RING_END) }, (_, i) => now + i)
        const stateAt = (second: number): string[] => [
          ...statusesAt(keys, retention, second),
          ...adoptedAt(ring, second),
        ]
        expect(seconds.map(stateAt)).toEqual(seconds.map(() => stateAt(now)))
      }),
    )
  })

  test('changes the ring, unless it is the one at which a rotation is due', () => {
    fc.assert(
      fc.property(ringWithAdopted, anyRetention, anyMoment, (ring, retention, now) => {
        const { keys } = ring
        const moment = nextMoment(
          { policy: POLICY, ring },
          boundsOfRetention(POLICY, retention),
          now,
        )
        if (moment === undefined || moment.what === 'rotation due') return
        const stateAt = (second: number): string[] => [
          ...statusesAt(keys, retention, second),
          ...adoptedAt(ring, second),
        ]
        expect(stateAt(moment.at)).not.toEqual(stateAt(moment.at - 1))
      }),
    )
  })

  test.each([
    ['activation', ['active', 'retiring', 'retired']],
    ['retirement', ['retired']],
    ['revocation', ['revoked']],
  ])('of kind %s is the second in which a key becomes so', (what, statuses) => {
    fc.assert(
      fc.property(ringWithAdopted, anyRetention, anyMoment, (ring, retention, now) => {
        const { keys } = ring
        const moment = nextMoment(
          { policy: POLICY, ring },
          boundsOfRetention(POLICY, retention),
          now,
        )
        if (moment?.what !== what) return
        const before = statusesAt(keys, retention, moment.at - 1)
        const changed = statusesAt(keys, retention, moment.at).filter((to, i) => to !== before[i])
        const left = adoptedAt(ring, moment.at - 1).length - adoptedAt(ring, moment.at).length
        const became = [...changed, ...(left > 0 ? ['retired'] : [])]
        expect(became.some((status) => statuses.includes(status))).toBe(true)
      }),
    )
  })
})
