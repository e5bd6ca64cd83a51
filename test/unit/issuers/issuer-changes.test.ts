import { describe, expect, test } from 'vitest'
import {
  newIssuerDocument,
  nextRevision,
  tombstoneOf,
  withLeftovers,
} from '../../../src/issuers/issuer-changes.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  aTombstone,
  keyRef,
  NOW,
} from '../../support/fixtures.ts'
import { aLeftover, aReservation, aSettling } from '../../support/rotation-fixtures.ts'

const NONCE = expect.stringMatching(/^[\w-]{22}$/) as string
const KMS_KEY = aKey({
  kid: 'kid-k',
  slot: 'slot-k',
  custody: 'kms',
  keyRef: keyRef('reference-k'),
})
const FORMER = { kid: 'kid-f', fingerprint: 'kid-f', origin: 'own' as const }

test('a new issuer has the first revision of an empty ring', () => {
  const given = { id: 'prod', issuer: 'https://oidc.example.com/prod', policy: DEFAULT_POLICY }
  expect(newIssuerDocument(given, NOW)).toEqual({
    version: 3,
    kind: 'issuer',
    ...given,
    revision: 1,
    createdAt: NOW,
    updatedAt: NOW,
    ring: { keys: [], adopted: [], former: [], leftovers: [] },
    writeNonce: NONCE,
  })
})

test('the next revision counts on, with a nonce of its own', () => {
  const document = anIssuer({ revision: 7, settling: aSettling() })
  const next = nextRevision(document, NOW + 5)
  expect(next).toEqual({ ...document, revision: 8, updatedAt: NOW + 5, writeNonce: NONCE })
  expect(nextRevision(document, NOW + 5).writeNonce).not.toBe(next.writeNonce)
})

describe('what is remembered of leftovers', () => {
  const leftovers = [aLeftover({ keptAt: NOW })]

  test('is written as the next revision of an issuer', () => {
    const document = anIssuer({ ring: aRing({ leftovers: [aLeftover()] }) })
    expect(withLeftovers(document, leftovers, NOW + 5)).toEqual({
      ...document,
      revision: 2,
      updatedAt: NOW + 5,
      ring: { ...document.ring, leftovers },
      writeNonce: NONCE,
    })
  })

  test('is written as the next revision of a tombstone', () => {
    const tombstone = aTombstone({ leftovers: [aLeftover()] })
    const changed = withLeftovers(tombstone, leftovers, NOW + 5)
    expect(changed).toEqual({ ...tombstone, revision: 3, leftovers, writeNonce: NONCE })
    expect(changed.writeNonce).not.toBe(tombstone.writeNonce)
  })
})

describe('the tombstone of an issuer', () => {
  const document = anIssuer({
    revision: 7,
    settling: aSettling(),
    ring: aRing({
      keys: [aKey(), KMS_KEY],
      adopted: [anAdoptedKey()],
      former: [FORMER, { ...FORMER, kid: 'kid-a' }],
      reservation: aReservation(),
      leftovers: [aLeftover({ forgottenAt: NOW - 9 })],
    }),
  })

  test('has every kid once, and remembers all that is kept elsewhere', () => {
    expect(tombstoneOf(document, 'it is gone', NOW + 5)).toEqual({
      version: 3,
      kind: 'tombstone',
      id: 'prod',
      issuer: document.issuer,
      revision: 8,
      createdAt: NOW,
      deletedAt: NOW + 5,
      reason: 'it is gone',
      kids: ['kid-a', 'kid-k', 'kid-of-cluster', 'kid-f'],
      leftovers: [
        aLeftover({ forgottenAt: NOW - 9 }),
        {
          slot: 'slot-k',
          alg: 'RS256',
          custody: 'kms',
          forgottenAt: NOW + 5,
          kid: 'kid-k',
          keyRef: 'reference-k',
        },
        { slot: 'slot-r', alg: 'RS256', custody: 'kms', forgottenAt: NOW + 5 },
      ],
      writeNonce: NONCE,
    })
  })

  test('has no reason where none was given, and nothing left of sealed keys', () => {
    const tombstone = tombstoneOf(anIssuer(), undefined, NOW)
    expect(tombstone).not.toHaveProperty('reason')
    expect(tombstone.leftovers).toEqual([])
  })
})
