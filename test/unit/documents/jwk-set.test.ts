import { describe, expect, test } from 'vitest'
import { buildJwkSet } from '../../../src/documents/jwk-set.ts'
import { DEFAULT_POLICY, retentionSeconds } from '../../../src/issuers/policy.ts'
import { aKey, anIssuer, EC_JWK, NOW } from '../../support/fixtures.ts'

const FRESH = { documentStalenessSeconds: 0 }
const STALE = { documentStalenessSeconds: 300 }

const OLD = aKey({ kid: 'kid-old' })
const NEW = aKey({ kid: 'kid-new', alg: 'ES256', publicJwk: EC_JWK, activatesAt: NOW + 10 })
const PAIR = anIssuer({ ring: { keys: [OLD, NEW] } })

describe('the JWK Set', () => {
  test('has each key with exactly these members, in this order', () => {
    expect(JSON.stringify(buildJwkSet(PAIR, FRESH, NOW))).toBe(
      JSON.stringify({
        keys: [
          { kty: 'RSA', kid: 'kid-old', use: 'sig', alg: 'RS256', n: 'modulus', e: 'AQAB' },
          {
            kty: 'EC',
            kid: 'kid-new',
            use: 'sig',
            alg: 'ES256',
            crv: 'P-256',
            x: 'x-coordinate',
            y: 'y-coordinate',
          },
        ],
      }),
    )
  })

  test('has nothing private of a stored issuer', () => {
    const text = JSON.stringify(buildJwkSet(PAIR, FRESH, NOW))
    expect(text).not.toMatch(/private-reference|slot-|nonce-|sealed/)
  })

  test.each([
    ['a store without staleness', FRESH],
    ['a store that is behind, for so much longer', STALE],
  ])('keeps a superseded key for the retention, on %s', (_title, bounds) => {
    const retirement = NOW + 10 + retentionSeconds(DEFAULT_POLICY, bounds)
    const kidsAt = (now: number): string[] =>
      buildJwkSet(PAIR, bounds, now).keys.map(({ kid }) => kid)
    expect(kidsAt(retirement - 1)).toEqual(['kid-old', 'kid-new'])
    expect(kidsAt(retirement)).toEqual(['kid-new'])
  })

  test('leaves out a revoked key', () => {
    const keys = [{ ...OLD, revokedAt: NOW + 5 }, NEW]
    const set = buildJwkSet(anIssuer({ ring: { keys } }), FRESH, NOW + 5)
    expect(set.keys.map(({ kid }) => kid)).toEqual(['kid-new'])
  })

  test('of an empty ring has no keys', () => {
    expect(buildJwkSet(anIssuer({ ring: { keys: [] } }), FRESH, NOW)).toEqual({ keys: [] })
  })
})
