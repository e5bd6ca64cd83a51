import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN_BACKDATE_SECONDS } from '../../src/limits.ts'
import { buildClaims, REGISTERED_CLAIMS, type TokenSubject } from '../../src/tokens/claims.ts'
import { anyClaims } from '../support/arbitraries.ts'

const subject: fc.Arbitrary<TokenSubject> = fc.oneof(
  fc.record({ type: fc.constant('plain' as const), subject: fc.string({ minLength: 1 }) }),
  fc.record({
    type: fc.constant('service_account' as const),
    serviceAccount: fc.record({ namespace: fc.string(), name: fc.string() }),
  }),
)
const request = fc.record({
  subject,
  audience: fc.string({ minLength: 1 }),
  ttlSeconds: fc.integer({ min: 60, max: 86_400 }),
  claims: anyClaims,
})
const moment = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 })

function isRegistered(name: string): boolean {
  return REGISTERED_CLAIMS.includes(name)
}

describe('claims', () => {
  test('registered ones are those that the issuer sets, whatever the extra ones are', () => {
    fc.assert(
      fc.property(request, moment, (its, now) => {
        const withExtra = buildClaims('https://oidc.example.com/prod', its, 'a-jti', now)
        const without = buildClaims(
          'https://oidc.example.com/prod',
          { ...its, claims: {} },
          'a-jti',
          now,
        )
        const registered = Object.entries(withExtra).filter(([name]) => isRegistered(name))
        expect(Object.fromEntries(registered)).toEqual(without)
      }),
    )
  })

  test('extra ones are there unchanged where they name nothing registered', () => {
    fc.assert(
      fc.property(request, moment, (its, now) => {
        const claims = buildClaims('https://x.example', its, 'a-jti', now)
        const there = Object.entries(claims).filter(([name]) => !isRegistered(name))
        expect(there).toEqual(Object.entries(its.claims).filter(([name]) => !isRegistered(name)))
      }),
    )
  })

  test('times are integers, start in the past, and span the lifetime that was asked for', () => {
    fc.assert(
      fc.property(request, moment, (its, now) => {
        const { iat, nbf, exp } = buildClaims('https://x.example', its, 'a-jti', now)
        expect([iat, nbf, exp].every(Number.isInteger)).toBe(true)
        expect({ iat, nbf }).toEqual({
          iat: now - TOKEN_BACKDATE_SECONDS,
          nbf: now - TOKEN_BACKDATE_SECONDS,
        })
        expect(exp - iat).toBe(its.ttlSeconds)
      }),
    )
  })

  test('there is exactly one audience', () => {
    fc.assert(
      fc.property(request, moment, (its, now) => {
        const { aud } = buildClaims('https://x.example', its, 'a-jti', now)
        expect([aud].flat()).toEqual([its.audience])
      }),
    )
  })
})
