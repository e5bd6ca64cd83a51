import { describe, expect, test } from 'vitest'
import type { IssuerDocument, KeyRing } from '../../../src/issuers/issuer-document.ts'
import {
  type RingAction,
  withAction,
  withNewKey,
  withoutReservation,
  withReservation,
  withReservedKey,
} from '../../../src/keyring/changed-ring.ts'
import { aKey, anAdoptedKey, anIssuer, aRing, EC_JWK, keyRef, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aLeftover,
  aReservation,
  aRotating,
  aSettling,
  aSuccessor,
} from '../../support/rotation-fixtures.ts'

const SUCCESSOR = aSuccessor()
const KMS_KEY = aKey({ kid: 'kid-k', slot: 'slot-k', custody: 'kms', revokedAt: NOW - 5 })
const FORMER = { kid: 'kid-f', fingerprint: 'f', origin: 'adopted' as const }
const DOCUMENT = aRotating(
  [ACTIVE, SUCCESSOR, KMS_KEY],
  { settling: aSettling() },
  { former: [FORMER], leftovers: [aLeftover()], reservation: aReservation() },
)
const UNMADE = { slot: 'slot-r', alg: 'RS256', custody: 'kms', forgottenAt: NOW + 5 } as const

describe('a ring after', () => {
  test.each<[string, RingAction, Partial<KeyRing>]>([
    [
      'a sighting',
      { type: 'see', kid: 'kid-next', firstSeenAt: NOW + 3 },
      { keys: [ACTIVE, { ...SUCCESSOR, firstSeenAt: NOW + 3 }, KMS_KEY] },
    ],
    [
      'a confirmation',
      {
        type: 'confirm',
        kid: 'kid-next',
        activatesAt: NOW + 9,
        fetched: { kid: 'kid-next', alg: 'RS256', publicJwk: EC_JWK },
      },
      { keys: [ACTIVE, { ...SUCCESSOR, activatesAt: NOW + 9 }, KMS_KEY] },
    ],
    [
      'a moved hand-over',
      { type: 'reschedule', kid: 'kid-a', activatesAt: NOW + 9 },
      { keys: [{ ...ACTIVE, activatesAt: NOW + 9 }, SUCCESSOR, KMS_KEY] },
    ],
    [
      'a sealed key left it',
      { type: 'prune', kid: 'kid-a', why: 'retired' },
      {
        keys: [SUCCESSOR, KMS_KEY],
        former: [FORMER, { kid: 'kid-a', fingerprint: 'kid-a', origin: 'own' }],
      },
    ],
    [
      'a key of KMS left it',
      { type: 'prune', kid: 'kid-k', why: 'revoked' },
      {
        keys: [ACTIVE, SUCCESSOR],
        former: [FORMER, { kid: 'kid-k', fingerprint: 'kid-k', origin: 'own', revokedAt: NOW - 5 }],
        leftovers: [
          aLeftover(),
          {
            slot: 'slot-k',
            alg: 'RS256',
            custody: 'kms',
            forgottenAt: NOW + 5,
            kid: 'kid-k',
            keyRef: KMS_KEY.keyRef,
          },
        ],
      },
    ],
    ['what is of no key of it', { type: 'prune', kid: 'kid-x', why: 'retired' }, {}],
  ])('%s', (_title, action, ring) => {
    const before = structuredClone(DOCUMENT)
    expect(withAction(DOCUMENT, action, NOW + 5)).toEqual({
      ...DOCUMENT,
      ring: { ...DOCUMENT.ring, ...ring },
    })
    expect(DOCUMENT).toEqual(before)
  })

  test('a policy was seen', () => {
    const settle: RingAction = { type: 'settle', seenAt: NOW + 3 }
    expect(withAction(DOCUMENT, settle, NOW + 5)).toEqual({
      ...DOCUMENT,
      settling: aSettling({ seenAt: NOW + 3 }),
    })
    expect(withAction(anIssuer(), settle, NOW)).toEqual(anIssuer())
  })

  test('a reservation lapsed', () => {
    const { reservation: _reservation, ...ring } = DOCUMENT.ring
    const after = { ...DOCUMENT, ring: { ...ring, leftovers: [aLeftover(), UNMADE] } }
    const abandon: RingAction = { type: 'abandon', slot: 'slot-r' }
    expect(withAction(DOCUMENT, abandon, NOW + 5)).toStrictEqual(after)
    expect(withoutReservation(after, NOW + 5)).toBe(after)
  })
})

describe('a new key', () => {
  const created = { kid: 'kid-n', publicJwk: EC_JWK, keyRef: keyRef('reference-n') }
  const place = { slot: 'slot-n', alg: 'ES256', custody: 'kms' } as const
  const record = {
    ...created,
    ...place,
    publishedAt: NOW + 5,
    publishedRevision: 9,
  }

  test.each<[string, Partial<KeyRing>, boolean]>([
    ['signs at once where nobody knows the issuer', { keys: [] }, true],
    ['has to be proved beside another', { keys: [ACTIVE] }, false],
    ['has to be proved beside those of a cluster', { keys: [], adopted: [anAdoptedKey()] }, false],
    ['has to be proved after others', { keys: [], former: [FORMER] }, false],
  ])('%s', (_title, members, signs) => {
    const document: IssuerDocument = anIssuer({ revision: 9, ring: aRing(members) })
    const { ring, ...rest } = withNewKey(document, place, created, NOW + 5)
    const key = signs ? { ...record, activatesAt: NOW + 5 - 60 } : record
    expect(ring).toStrictEqual({ ...document.ring, keys: [...document.ring.keys, key] })
    expect({ ...rest, ring: document.ring }).toEqual(document)
  })

  test('takes the place of its reservation', () => {
    const empty = anIssuer({ revision: 9, ring: aRing({ keys: [] }) })
    const reservation = { ...place, reservedAt: NOW }
    const reserved = withReservation(empty, reservation)
    expect(reserved.ring).toEqual({ ...empty.ring, reservation })
    const { ring } = withReservedKey(reserved, reservation, created, NOW + 5)
    expect(ring).toStrictEqual({ ...empty.ring, keys: [{ ...record, activatesAt: NOW - 55 }] })
  })
})
