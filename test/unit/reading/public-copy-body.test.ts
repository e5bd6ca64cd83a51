import { describe, expect, test } from 'vitest'
import { formatStoredIssuer, parsePublicCopy } from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { locationKey, locationOf } from '../../../src/locations/issuer-location.ts'
import { formatLocationClaim } from '../../../src/locations/location-claim-codec.ts'
import { publicCopyBody } from '../../../src/reading/public-copy-body.ts'
import { anAdoptedKey, anIssuer, aRing, aTombstone, NOW } from '../../support/fixtures.ts'

const ISSUER = anIssuer({
  ring: aRing({
    adopted: [anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 9 } })],
    former: [{ kid: 'former', fingerprint: 'fingerprint-former', origin: 'adopted' }],
  }),
})
const STORED = formatStoredIssuer(ISSUER)

describe('the copy to publish', () => {
  test('has nothing private of an issuer or of its tombstone', () => {
    const bodies = [ISSUER, aTombstone()].map((stored) =>
      publicCopyBody('issuers/prod', formatStoredIssuer(stored)),
    )
    expect(bodies.join('')).not.toMatch(
      /private-reference|slot|nonce|the cluster is gone|kids|fingerprint|former/,
    )
  })

  test('is read as the public copy of its issuer', () => {
    const body = publicCopyBody('issuers/prod', STORED)
    expect(parsePublicCopy('prod', body)).toEqual(publicCopyOf(ISSUER))
  })

  test('of a location is its claim', () => {
    const location = locationOf('https://x.example')
    const claim = formatLocationClaim({ location, id: 'prod', claimedAt: NOW })
    expect(publicCopyBody(locationKey(location), claim)).toBe(claim)
  })

  test('refuses a document that lies under the key of another issuer', () => {
    expect(() => publicCopyBody('issuers/test', STORED)).toThrow('of another issuer')
  })
})
