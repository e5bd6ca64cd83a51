import { describe, expect, test } from 'vitest'
import {
  leftoverOf,
  leftoversOf,
  unmadeLeftover,
  usesSlot,
} from '../../../src/issuers/leftovers.ts'
import { aKey, anIssuer, aRing, aTombstone, NOW } from '../../support/fixtures.ts'
import { aLeftover, aReservation } from '../../support/rotation-fixtures.ts'

describe('what is left elsewhere', () => {
  test('of a key that KMS keeps is the way to it', () => {
    const key = aKey({ custody: 'kms', alg: 'ES256', firstSeenAt: NOW, revokedAt: NOW })
    expect(leftoverOf(key, NOW + 7)).toEqual([
      {
        slot: 'slot-a',
        alg: 'ES256',
        custody: 'kms',
        forgottenAt: NOW + 7,
        kid: 'kid-a',
        keyRef: 'private-reference-a',
      },
    ])
  })

  test.each(['sealed', 'kms-wrapped'] as const)('of a key of custody %s is nothing', (custody) => {
    expect(leftoverOf(aKey({ custody }), NOW)).toEqual([])
  })

  test('of a key that may have been made is its place', () => {
    expect(unmadeLeftover(aReservation({ alg: 'ES256' }), NOW + 7)).toEqual({
      slot: 'slot-r',
      alg: 'ES256',
      custody: 'kms',
      forgottenAt: NOW + 7,
    })
  })

  test('is remembered by the ring, and by the tombstone', () => {
    const leftovers = [aLeftover()]
    expect(leftoversOf(anIssuer({ ring: aRing({ leftovers }) }))).toBe(leftovers)
    expect(leftoversOf(aTombstone({ leftovers }))).toBe(leftovers)
  })

  test.each([
    ['by a key', 'slot-a', true],
    ['by a key that is being made', 'slot-r', true],
    ['not by what it has forgotten', 'slot-l', false],
    ['not by anything', 'slot-x', false],
  ])('a place is used by the ring or not: %s', (_title, slot, isUsed) => {
    const reservation = aReservation()
    const ring = aRing({ reservation, leftovers: [aLeftover()] })
    expect(usesSlot(anIssuer({ ring }), slot)).toBe(isUsed)
  })

  test('no place is used by a tombstone', () => {
    expect(usesSlot(aTombstone({ leftovers: [aLeftover()] }), 'slot-l')).toBe(false)
  })
})
