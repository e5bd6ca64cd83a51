import { describe, expect, test } from 'vitest'
import type { IssuerDocument, KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { AdoptedKeyRecord, KeyRecord, Leftover } from '../../../src/issuers/key-record.ts'
import { planCreation } from '../../../src/keyring/plan-creation.ts'
import type { RotationPlan } from '../../../src/keyring/rotation-plan.ts'
import { UNKNOWN_LEFTOVERS_MAX, UNKNOWN_LEFTOVERS_PAUSE_SECONDS } from '../../../src/limits.ts'
import { aKey, anAdoptedKey, EC_JWK, keyRef, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aReservation,
  aRotating,
  aSuccessor,
  BOUNDS,
  DAY,
  EC_MEMBERS,
  POLICY,
  RETENTION,
} from '../../support/rotation-fixtures.ts'

const NOTHING = { actions: [], waits: [] }
const SUCCESSOR = aSuccessor()
const REVOKED = { ...ACTIVE, revokedAt: NOW + 10 }
const FORMER_OWN = { kid: 'kid-f', fingerprint: 'kid-f', origin: 'own' as const }
const FORMER_ADOPTED = { kid: 'kid-f', fingerprint: 'f', origin: 'adopted' as const }
const LAPSES = NOW + 1200
const IN_KMS = { policy: { ...POLICY, custody: 'kms' as const } }

function planAt(document: IssuerDocument, now: number): RotationPlan {
  return planCreation(document, { observations: [], bounds: BOUNDS }, now)
}

function creation(reason: string, members: object = {}): object {
  const action = { type: 'create', reason, alg: 'RS256', custody: 'sealed', signsAtOnce: false }
  return { actions: [{ ...action, ...members }], waits: [] }
}

function creationAction(): object {
  return {
    type: 'create',
    reason: 'scheduled',
    alg: 'RS256',
    custody: 'sealed',
    signsAtOnce: false,
  }
}

function adoptedRsa(count: number, members: Partial<AdoptedKeyRecord> = {}): AdoptedKeyRecord[] {
  return Array.from({ length: count }, (_, index) =>
    anAdoptedKey({ kid: `kid-${index}`, ...members }),
  )
}

function toldBy({ actions, waits }: RotationPlan): string[] {
  return [...actions.map(({ type }) => type), ...waits.map(({ reason }) => reason)]
}

function unknownLeftover(slot: number): Leftover {
  return { slot: `slot-${slot}`, alg: 'ES256', custody: 'kms', forgottenAt: NOW }
}

describe('the key that a ring lacks', () => {
  test.each<[string, readonly KeyRecord[], Partial<KeyRing>, object]>([
    ['its first, which signs at once', [], {}, creation('bootstrap', { signsAtOnce: true })],
    [
      'its first beside a cluster, which relying parties have to learn of',
      [],
      { adopted: [anAdoptedKey()] },
      creation('bootstrap'),
    ],
    ['its first after those of a cluster', [], { former: [FORMER_ADOPTED] }, creation('bootstrap')],
    [
      'its first once more, when all that never signed have left',
      [],
      { former: [FORMER_OWN] },
      creation('bootstrap'),
    ],
    ['the successor of the one that signs', [ACTIVE], {}, creation('scheduled')],
    ['none while a successor stands by', [ACTIVE, SUCCESSOR], {}, NOTHING],
    [
      'none while a successor waits for its moment',
      [ACTIVE, aSuccessor({ activatesAt: NOW + 11 })],
      {},
      NOTHING,
    ],
    [
      'the next one in the second of the hand-over',
      [ACTIVE, aSuccessor({ activatesAt: NOW + 10 })],
      {},
      creation('scheduled'),
    ],
    ['none while the first one waits', [aKey({ activatesAt: NOW + 11 })], {}, NOTHING],
    [
      'another successor where that was revoked',
      [ACTIVE, aSuccessor({ revokedAt: NOW + 99 })],
      {},
      creation('scheduled'),
    ],
    ['one in an emergency when none signs', [REVOKED], {}, creation('emergency')],
    [
      'the successor of one that will be revoked',
      [{ ...ACTIVE, revokedAt: NOW + 11 }],
      {},
      creation('scheduled'),
    ],
    ['none in an emergency for which there is a successor', [REVOKED, SUCCESSOR], {}, NOTHING],
    [
      'a successor of the algorithm of the policy',
      [ACTIVE, aSuccessor(EC_MEMBERS)],
      {},
      creation('scheduled'),
    ],
    [
      'a successor of the custody of the policy',
      [ACTIVE, aSuccessor({ custody: 'kms' })],
      {},
      creation('scheduled'),
    ],
  ])('is %s', (_title, keys, ring, plan) => {
    expect(planAt(aRotating(keys, {}, ring), NOW + 10)).toEqual(plan)
  })

  test('is of the algorithm and the custody of the policy', () => {
    const policy = { ...POLICY, algorithm: 'ES256', custody: 'kms' } as const
    expect(planAt(aRotating([ACTIVE, SUCCESSOR], { policy }), NOW)).toEqual(
      creation('scheduled', { alg: 'ES256', custody: 'kms' }),
    )
  })

  test('is none where the issuer only publishes', () => {
    const policy = { ...POLICY, custody: 'none' as const }
    expect(planAt(aRotating([], { policy }), NOW)).toEqual(NOTHING)
  })
})

describe('a key that is being made', () => {
  const abandoned = { type: 'abandon', slot: 'slot-r' }
  const waits = { actions: [], waits: [{ reason: 'key_being_made', until: LAPSES }] }
  const reservation = aReservation()

  test.each<[string, readonly KeyRecord[], number, object]>([
    ['is waited for', [ACTIVE], NOW, waits],
    ['is waited for also by a host whose clock is behind', [ACTIVE], NOW - 120, waits],
    [
      'is given up where it comes from a clock that was far ahead',
      [{ ...ACTIVE, activatesAt: NOW - DAY }],
      NOW - 121,
      { actions: [abandoned, creationAction()], waits: [] },
    ],
    ['is waited for to the last second', [ACTIVE], LAPSES - 1, waits],
    ['is waited for also beside a successor', [ACTIVE, SUCCESSOR], LAPSES - 1, waits],
    [
      'is given up then, and another one made',
      [ACTIVE],
      LAPSES,
      { actions: [abandoned, creationAction()], waits: [] },
    ],
    [
      'is given up alone where a successor is there',
      [ACTIVE, SUCCESSOR],
      LAPSES,
      { actions: [abandoned], waits: [] },
    ],
  ])('%s', (_title, keys, now, plan) => {
    expect(planAt(aRotating(keys, {}, { reservation }), now)).toEqual(plan)
  })

  test('is given up also where the issuer only publishes', () => {
    const policy = { ...POLICY, custody: 'none' as const }
    const document = aRotating([], { policy }, { reservation })
    expect(planAt(document, LAPSES)).toEqual({ actions: [abandoned], waits: [] })
  })
})

describe('a set with as many keys as relying parties read', () => {
  const full = { actions: [], waits: [{ reason: 'key_set_full', keyType: 'RSA' }] }
  const leaving = { withdrawal: { at: NOW, publishedUntil: NOW + 100 } }

  test.each<[string, Partial<KeyRing>, number, object]>([
    ['gets no further one', { adopted: adoptedRsa(95) }, NOW, full],
    ['gets the last that fits', { adopted: adoptedRsa(94) }, NOW, creation('scheduled')],
    [
      'counts those of its type alone',
      { adopted: adoptedRsa(95, { alg: 'ES256', publicJwk: EC_JWK }) },
      NOW,
      creation('scheduled'),
    ],
    ['counts those that are published still', { adopted: adoptedRsa(95, leaving) }, NOW + 99, full],
    ['and no longer', { adopted: adoptedRsa(95, leaving) }, NOW + 100, creation('scheduled')],
    [
      'still gives up a key that was being made',
      { adopted: adoptedRsa(95), reservation: aReservation({ reservedAt: NOW - DAY }) },
      NOW,
      { ...full, actions: [{ type: 'abandon', slot: 'slot-r' }] },
    ],
  ])('%s', (_title, ring, now, plan) => {
    expect(planAt(aRotating([ACTIVE], {}, ring), now)).toEqual(plan)
  })

  test('counts a superseded key for as long as it is published', () => {
    const keys = [aKey({ kid: 'kid-0', activatesAt: NOW - 5000 }), ACTIVE]
    const document = aRotating(keys, {}, { adopted: adoptedRsa(94) })
    expect(planAt(document, NOW + RETENTION - 1)).toEqual(full)
    expect(planAt(document, NOW + RETENTION)).toEqual(creation('scheduled'))
  })
})

describe('keys of which nobody knows whether they were made', () => {
  test.each([
    [UNKNOWN_LEFTOVERS_MAX - 1, 'create'],
    [UNKNOWN_LEFTOVERS_MAX, 'too_many_leftovers'],
  ])('that are %i in number: %s', (count, what) => {
    const leftovers = Array.from({ length: count }, (_, slot) => unknownLeftover(slot))
    const known = { ...unknownLeftover(99), kid: 'kid-99', keyRef: keyRef('reference-99') }
    const document = aRotating([ACTIVE], IN_KMS, { leftovers: [...leftovers, known] })
    expect(toldBy(planAt(document, NOW))).toEqual([what])
  })

  test('hold back no key of a custody that leaves nothing behind', () => {
    const leftovers = Array.from({ length: UNKNOWN_LEFTOVERS_MAX }, (_, slot) =>
      unknownLeftover(slot),
    )
    for (const custody of ['sealed', 'kms-wrapped'] as const) {
      const document = aRotating([ACTIVE], { policy: { ...POLICY, custody } }, { leftovers })
      expect(toldBy(planAt(document, NOW))).toEqual(['create'])
    }
  })

  test('count also once they are to be deleted, and let an issuer without a signer try once an hour', () => {
    const leftovers = Array.from({ length: UNKNOWN_LEFTOVERS_MAX }, (_, slot) => ({
      ...unknownLeftover(slot),
      forgottenAt: NOW + slot,
      keyRef: keyRef(`reference-${slot}`),
      deletion: { scheduledAt: NOW, windowDays: 30 },
    }))
    const told = (keys: readonly KeyRecord[], after = UNKNOWN_LEFTOVERS_PAUSE_SECONDS): string[] =>
      toldBy(planAt(aRotating(keys, IN_KMS, { leftovers }), NOW + 9 + after))
    expect(told([ACTIVE])).toEqual(['too_many_leftovers'])
    expect(told([REVOKED])).toEqual(['create'])
    expect(told([])).toEqual(['create'])
    expect(told([REVOKED], UNKNOWN_LEFTOVERS_PAUSE_SECONDS - 1)).toEqual(['too_many_leftovers'])
    expect(told([], UNKNOWN_LEFTOVERS_PAUSE_SECONDS - 1)).toEqual(['too_many_leftovers'])
    // As if they were from a clock that was ahead.
    expect(told([], -9 - UNKNOWN_LEFTOVERS_PAUSE_SECONDS)).toEqual(['create'])
  })
})
