import { describe, expect, test } from 'vitest'
import { adoptedVerificationKeys } from '../../../src/subject-tokens/adopted-verification-keys.ts'
import { ownFingerprints } from '../../../src/subject-tokens/own-fingerprints.ts'
import { aKey, anAdoptedKey, aRing, NOW } from '../../support/fixtures.ts'

describe("an issuer's own keys", () => {
  test('are those of its ring in every state, and those that left it', () => {
    const ring = aRing({
      keys: [
        aKey({ kid: 'active' }),
        aKey({ kid: 'revoked', revokedAt: NOW - 1 }),
        aKey({ kid: 'coming', activatesAt: NOW + 9 }),
      ],
      adopted: [anAdoptedKey()],
      former: [
        { kid: 'former', fingerprint: 'former', origin: 'own' },
        { kid: 'former-revoked', fingerprint: 'former-revoked', origin: 'own', revokedAt: NOW },
        { kid: 'once-adopted', fingerprint: 'fingerprint-of-another', origin: 'adopted' },
      ],
    })
    const own = ['active', 'revoked', 'coming', 'former', 'former-revoked']
    expect([...ownFingerprints(ring)]).toEqual(own)
    expect([...ownFingerprints(ring)]).toEqual(own)
  })

  test('are those of the ring that was asked for', () => {
    expect([...ownFingerprints(aRing())]).toEqual(['kid-a'])
    expect([...ownFingerprints(aRing({ keys: [] }))]).toEqual([])
  })
})

test('adopted keys verify with the alg of their record, for as long as they are published', () => {
  const withdrawal = { at: NOW - 60, publishedUntil: NOW }
  const ring = aRing({
    adopted: [
      anAdoptedKey({ alg: 'RS512' }),
      anAdoptedKey({ kid: 'withdrawn', fingerprint: 'fingerprint-2', withdrawal }),
    ],
  })
  const { publicJwk } = anAdoptedKey()
  const first = {
    kid: 'kid-of-cluster',
    fingerprint: 'fingerprint-of-cluster',
    publicJwk,
    algorithms: ['RS512'],
  }
  const second = {
    kid: 'withdrawn',
    fingerprint: 'fingerprint-2',
    publicJwk,
    algorithms: ['RS256'],
  }
  expect(adoptedVerificationKeys(ring, NOW - 1)).toEqual([first, second])
  expect(adoptedVerificationKeys(ring, NOW)).toEqual([first])
})
