/**
 * Who signs, over the life of a ring: hand-overs and revocations.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PublicKeyRecord } from '../../src/issuers/key-record.ts'
import { activeKey, keyStatus } from '../../src/keyring/key-status.ts'
import {
  anyMoment,
  anyRing,
  anyRetention,
  RING_END,
  ringWithoutRevocations,
} from '../support/arbitraries.ts'

const SECONDS = Array.from({ length: RING_END + 12 }, (_, second) => second)
const CENTURIES = 10_000_000_000

function signers(keys: readonly PublicKeyRecord[]): (string | undefined)[] {
  return SECONDS.map((now) => activeKey(keys, now)?.kid)
}

/** Each signer once for every time that it starts to sign. */
function reigns(kids: readonly (string | undefined)[]): string[] {
  return kids.flatMap((kid, index) => (kid === undefined || kid === kids[index - 1] ? [] : [kid]))
}

describe('the key that signs', () => {
  test('never signs again once it has stopped', () => {
    fc.assert(
      fc.property(anyRing, (keys) => {
        const began = reigns(signers(keys))
        expect(new Set(began).size).toBe(began.length)
      }),
    )
  })

  test('is none of its predecessors after it was revoked while it signed', () => {
    fc.assert(
      fc.property(anyRing, anyMoment, (keys, now) => {
        const active = activeKey(keys, now)
        const past = new Set(signers(keys).slice(0, now + 1))
        const after = keys.map((key) => (key === active ? { ...key, revokedAt: now + 1 } : key))
        const later = SECONDS.filter((second) => second > now)
        const returned = later
          .map((second) => activeKey(after, second)?.kid)
          .filter((kid) => kid !== undefined && past.has(kid))
        expect(active === undefined ? [] : returned).toEqual([])
      }),
    )
  })

  test('is not changed by a key that is revoked before or when it activates', () => {
    const stillborn = fc
      .tuple(anyMoment, anyMoment, fc.nat({ max: 6 }))
      .map(([a, b, place]) => ({ revokedAt: Math.min(a, b), activatesAt: Math.max(a, b), place }))
    fc.assert(
      fc.property(anyRing, stillborn, (keys, { place, ...moments }) => {
        const key = {
          kid: 'stillborn',
          alg: 'RS256' as const,
          publicJwk: { kty: 'RSA' as const, n: 'modulus', e: 'AQAB' },
          publishedAt: 0,
          ...moments,
        }
        expect(signers(keys.toSpliced(place, 0, key))).toEqual(signers(keys))
      }),
    )
  })

  test('is exactly one once any key has activated and none was revoked', () => {
    fc.assert(
      fc.property(ringWithoutRevocations, anyRetention, anyMoment, (keys, retention, now) => {
        const activated = keys.some(({ activatesAt = Infinity }) => activatesAt <= now)
        const active = keys.filter((key) => keyStatus(keys, key, retention, now) === 'active')
        expect(active).toHaveLength(activated ? 1 : 0)
      }),
    )
  })

  test('never expires: the last one signs on while nothing follows it', () => {
    fc.assert(
      fc.property(anyRing, (keys) => {
        const last = activeKey(keys, RING_END)
        expect(activeKey(keys, RING_END + CENTURIES)).toBe(last)
        const states = keys.map((key) => keyStatus(keys, key, 0, RING_END + CENTURIES))
        expect(states.filter((state) => state === 'active')).toHaveLength(
          last === undefined ? 0 : 1,
        )
      }),
    )
  })

  test('activated last of those that had activated', () => {
    fc.assert(
      fc.property(ringWithoutRevocations, anyMoment, (keys, now) => {
        const moments = keys.flatMap(({ activatesAt }) => activatesAt ?? [])
        const latest = Math.max(-Infinity, ...moments.filter((moment) => moment <= now))
        expect(activeKey(keys, now)?.activatesAt ?? -Infinity).toBe(latest)
      }),
    )
  })
})
