import { describe, expect, test } from 'vitest'
import { buildJwkSet } from '../../../src/documents/jwk-set.ts'
import { aKey, anAdoptedKey, EC_JWK } from '../../support/fixtures.ts'

const RSA = aKey({ kid: 'kid-rsa' })
const EC = aKey({ kid: 'kid-ec', alg: 'ES256', publicJwk: EC_JWK })
const ADOPTED = anAdoptedKey({
  alg: 'ES384',
  publicJwk: { kty: 'EC', crv: 'P-384', x: 'x-of-cluster', y: 'y-of-cluster' },
})

describe('the JWK Set', () => {
  test('has each key with exactly these members, in this order', () => {
    expect(JSON.stringify(buildJwkSet([RSA, EC, ADOPTED]))).toBe(
      JSON.stringify({
        keys: [
          { kty: 'RSA', kid: 'kid-rsa', use: 'sig', alg: 'RS256', n: 'modulus', e: 'AQAB' },
          {
            kty: 'EC',
            kid: 'kid-ec',
            use: 'sig',
            alg: 'ES256',
            crv: 'P-256',
            x: 'x-coordinate',
            y: 'y-coordinate',
          },
          {
            kty: 'EC',
            kid: 'kid-of-cluster',
            use: 'sig',
            alg: 'ES384',
            crv: 'P-384',
            x: 'x-of-cluster',
            y: 'y-of-cluster',
          },
        ],
      }),
    )
  })

  test('has nothing private of a stored key', () => {
    const text = JSON.stringify(buildJwkSet([RSA, EC, ADOPTED]))
    expect(text).not.toMatch(/private-reference|slot-|nonce-|sealed|fingerprint/)
  })

  test('of no key has no keys', () => {
    expect(buildJwkSet([])).toEqual({ keys: [] })
  })
})
