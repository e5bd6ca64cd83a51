import { describe, expect, test } from 'vitest'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { aRing, aKey, anIssuer, aTombstone, EC_JWK, NOW } from '../../support/fixtures.ts'
import { aLeftover, aReservation, aSettling } from '../../support/rotation-fixtures.ts'

describe('the public copy of an issuer', () => {
  test('has its head, its policy and the public members of its keys', () => {
    const issuer = anIssuer({
      revision: 7,
      ring: aRing({ keys: [aKey({ firstSeenAt: NOW + 2, revokedAt: NOW + 5 })] }),
      settling: aSettling({ seenAt: NOW + 3 }),
    })
    expect(publicCopyOf(issuer)).toEqual({
      version: 3,
      kind: 'issuer',
      id: 'prod',
      issuer: 'https://oidc.example.com/prod',
      revision: 7,
      createdAt: NOW,
      policy: issuer.policy,
      settling: {
        revision: 7,
        jwksMaxAgeSeconds: 900,
        tokenTtlMaxSeconds: 7200,
        mintedTtlMaxSeconds: 3600,
        seenAt: NOW + 3,
      },
      ring: {
        keys: [
          {
            kid: 'kid-a',
            alg: 'RS256',
            publicJwk: { kty: 'RSA', n: 'modulus', e: 'AQAB' },
            publishedAt: NOW,
            firstSeenAt: NOW + 2,
            activatesAt: NOW,
            revokedAt: NOW + 5,
          },
        ],
        adopted: [],
      },
    })
  })

  test('has no member for a moment that is not set', () => {
    const { activatesAt: _activatesAt, ...pending } = aKey()
    const copy = publicCopyOf(anIssuer({ ring: aRing({ keys: [pending] }) }))
    expect(copy).toHaveProperty('ring.keys.0.publishedAt', NOW)
    expect(copy).not.toHaveProperty('ring.keys.0.firstSeenAt')
    expect(copy).not.toHaveProperty('ring.keys.0.activatesAt')
    expect(copy).not.toHaveProperty('ring.keys.0.revokedAt')
  })

  test('keeps a moment of zero', () => {
    const copy = publicCopyOf(
      anIssuer({ ring: aRing({ keys: [aKey({ firstSeenAt: 0, activatesAt: 0, revokedAt: 0 })] }) }),
    )
    expect(copy).toMatchObject({
      ring: { keys: [{ firstSeenAt: 0, activatesAt: 0, revokedAt: 0 }] },
    })
  })

  test.each(['keyRef', 'slot', 'custody', 'publishedRevision'])('has no %s of a key', (member) => {
    expect(publicCopyOf(anIssuer())).not.toHaveProperty(`ring.keys.0.${member}`)
  })

  test('has no member of a key that this version does not know', () => {
    const key = { ...aKey(), privateNote: 'PRIVATE' }
    const copy = publicCopyOf(anIssuer({ ring: aRing({ keys: [key] }) }))
    expect(JSON.stringify(copy)).not.toContain('PRIVATE')
  })

  test.each<[string, KeyRecord]>([
    ['an RSA key', aKey()],
    ['an EC key', aKey({ alg: 'ES256', publicJwk: EC_JWK })],
  ])('has no private member of the JWK of %s', (_title, key) => {
    const publicJwk = { ...key.publicJwk, d: 'PRIVATE', kid: 'PRIVATE' }
    const copy = publicCopyOf(anIssuer({ ring: aRing({ keys: [{ ...key, publicJwk }] }) }))
    expect(copy).toEqual(publicCopyOf(anIssuer({ ring: aRing({ keys: [key] }) })))
    expect(copy).toHaveProperty('ring.keys.0.publicJwk', key.publicJwk)
  })

  test('has no member of the policy that this version does not know', () => {
    const policy = { ...DEFAULT_POLICY, privateNote: 'PRIVATE' }
    expect(publicCopyOf(anIssuer({ policy }))).toHaveProperty('policy', DEFAULT_POLICY)
  })

  test.each(['reservation', 'leftovers', 'former'])('has no %s of the ring', (member) => {
    const ring = aRing({ reservation: aReservation(), leftovers: [aLeftover()] })
    expect(publicCopyOf(anIssuer({ ring }))).not.toHaveProperty(`ring.${member}`)
  })

  test('has no settling where nothing settles, and no moment of one that was not seen', () => {
    expect(publicCopyOf(anIssuer())).not.toHaveProperty('settling')
    const copy = publicCopyOf(anIssuer({ settling: aSettling() }))
    expect(copy).toHaveProperty('settling.revision', 7)
    expect(copy).not.toHaveProperty('settling.seenAt')
  })

  test('has no member of a settling that this version does not know', () => {
    const settling = { ...aSettling({ seenAt: 0 }), privateNote: 'PRIVATE' }
    expect(publicCopyOf(anIssuer({ settling }))).toHaveProperty(
      'settling',
      aSettling({ seenAt: 0 }),
    )
  })

  test('has no member of the ring that this version does not know', () => {
    const ring = { ...aRing(), privateNote: 'PRIVATE' }
    expect(publicCopyOf(anIssuer({ ring }))).toEqual(publicCopyOf(anIssuer()))
  })

  test('has no member of the issuer that this version does not know', () => {
    const issuer = { ...anIssuer(), privateNote: 'PRIVATE' }
    expect(JSON.stringify(publicCopyOf(issuer))).not.toContain('PRIVATE')
  })
})

describe('the public copy of a tombstone', () => {
  test('has no reason, no kids, no leftovers and no write nonce', () => {
    expect(publicCopyOf(aTombstone({ leftovers: [aLeftover()] }))).toEqual({
      version: 3,
      kind: 'tombstone',
      id: 'prod',
      issuer: 'https://oidc.example.com/prod',
      revision: 2,
      createdAt: NOW,
      deletedAt: NOW + 60,
    })
  })
})
