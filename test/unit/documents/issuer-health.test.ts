import { describe, expect, test } from 'vitest'
import { issuerHealth } from '../../../src/documents/issuer-health.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { aKey, anIssuer, EC_JWK, NOW } from '../../support/fixtures.ts'

const BOUNDS = { documentStalenessSeconds: 0 }
const PERIOD = DEFAULT_POLICY.rotationPeriodSeconds
const FIRST = aKey({ kid: 'kid-first' })
const NEXT = aKey({
  kid: 'kid-next',
  alg: 'ES256',
  publicJwk: EC_JWK,
  publishedAt: NOW + 10,
  activatesAt: NOW + PERIOD,
})

function healthAt(now: number, keys = [FIRST, NEXT]): ReturnType<typeof issuerHealth> {
  return issuerHealth(anIssuer({ revision: 7, ring: { keys } }), BOUNDS, now)
}

describe('the health of an issuer', () => {
  test('is exactly this', () => {
    expect(healthAt(NOW + 10)).toEqual({
      status: 'ok',
      issuer: 'https://oidc.example.com/prod',
      ringVersion: 7,
      activeKey: { kid: 'kid-first', alg: 'RS256', publishedAt: NOW, activatesAt: NOW },
      successor: {
        kid: 'kid-next',
        alg: 'ES256',
        publishedAt: NOW + 10,
        activatesAt: NOW + PERIOD,
      },
      nextMoment: { at: NOW + PERIOD, what: 'activation' },
    })
  })

  test.each([
    ['ok while the active key is young', NOW + PERIOD - 1, [FIRST], 'ok'],
    ['overdue from the moment at which it should hand over', NOW + PERIOD, [FIRST], 'overdue'],
    ['ok again once it has handed over', NOW + PERIOD, [FIRST, NEXT], 'ok'],
    ['without active key before the first activates', NOW - 1, [FIRST], 'no_active_key'],
    ['without active key once it is revoked', NOW, [{ ...FIRST, revokedAt: NOW }], 'no_active_key'],
    ['without active key in an empty ring', NOW, [], 'no_active_key'],
  ])('is %s', (_title, now, keys, status) => {
    expect(healthAt(now, keys).status).toBe(status)
  })

  test('names the active key also when it is overdue', () => {
    expect(healthAt(NOW + 2 * PERIOD, [FIRST])).toMatchObject({
      activeKey: { kid: 'kid-first' },
      nextMoment: null,
    })
  })

  test('has a successor also where the clock is behind', () => {
    expect(healthAt(NOW + 9).successor).toMatchObject({ kid: 'kid-next' })
  })

  test('has no successor once that signs', () => {
    expect(healthAt(NOW + PERIOD)).toMatchObject({
      activeKey: { kid: 'kid-next' },
      successor: null,
    })
  })

  test('has the earliest of several successors', () => {
    const last = { ...NEXT, kid: 'kid-last', activatesAt: NOW + 2 * PERIOD }
    expect(healthAt(NOW + 10, [FIRST, last, NEXT]).successor).toMatchObject({ kid: 'kid-next' })
  })

  test('has a successor whose activation is not decided', () => {
    const { activatesAt: _activatesAt, ...undecided } = NEXT
    expect(healthAt(NOW + 10, [FIRST, undecided]).successor).toEqual({
      kid: 'kid-next',
      alg: 'ES256',
      publishedAt: NOW + 10,
    })
  })

  test('has no successor once that was revoked', () => {
    const revoked = { ...NEXT, revokedAt: NOW + 20 }
    expect(healthAt(NOW + 20, [FIRST, revoked]).successor).toBeNull()
  })

  test('has nothing private', () => {
    expect(JSON.stringify(healthAt(NOW + 10))).not.toMatch(/private-reference|slot-|nonce-|sealed/)
  })
})
