import { describe, expect, test } from 'vitest'
import { isServing, issuerHealth } from '../../../src/documents/issuer-health.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  EC_JWK,
  NO_BOUNDS,
  NOW,
} from '../../support/fixtures.ts'

const STORAGE = { confirmedAt: NOW }
const PERIOD = DEFAULT_POLICY.rotationPeriodSeconds
const FIRST = aKey({ kid: 'kid-first' })
const NEXT = aKey({
  kid: 'kid-next',
  alg: 'ES256',
  publicJwk: EC_JWK,
  publishedAt: NOW + 10,
  firstSeenAt: NOW + 20,
  activatesAt: NOW + PERIOD,
})

function healthAt(now: number, keys = [FIRST, NEXT]): ReturnType<typeof issuerHealth> {
  return issuerHealth(
    anIssuer({ revision: 7, ring: aRing({ keys }) }),
    { bounds: NO_BOUNDS, storage: STORAGE },
    now,
  )
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
        firstSeenAt: NOW + 20,
        activatesAt: NOW + PERIOD,
      },
      adoptedKeys: { adopted: 0, withdrawn: 0 },
      nextMoment: { at: NOW + PERIOD, what: 'activation' },
      storage: { confirmedAt: NOW },
    })
  })

  test.each([
    [
      'ok with a successor to its last second',
      NOW + PERIOD - 1,
      [FIRST, { ...NEXT, alg: 'RS256' as const }],
      'ok',
    ],
    [
      'without successor where the policy wants another algorithm',
      NOW + PERIOD - 1,
      [FIRST, NEXT],
      'no_successor',
    ],
    ['without successor when none was made', NOW + PERIOD - 1, [FIRST], 'no_successor'],
    [
      'overdue more than an hour after it should hand over',
      NOW + PERIOD + 3601,
      [FIRST],
      'overdue',
    ],
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
    const { activatesAt: _activatesAt, firstSeenAt: _firstSeenAt, ...undecided } = NEXT
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

function healthOf(
  members: Parameters<typeof anIssuer>[0],
  now: number,
  storage: Parameters<typeof issuerHealth>[1]['storage'] = STORAGE,
): ReturnType<typeof issuerHealth> {
  return issuerHealth(anIssuer(members), { bounds: NO_BOUNDS, storage }, now)
}

describe('the health of an issuer with adopted keys', () => {
  const present = anAdoptedKey({ kid: 'kid-present' })
  const leaving = anAdoptedKey({
    kid: 'kid-leaving',
    withdrawal: { at: NOW, publishedUntil: NOW + 100 },
  })
  const publishOnly = { ...DEFAULT_POLICY, custody: 'none' as const }

  test('counts those in the set and those withdrawn, and no retired one', () => {
    const ring = aRing({ keys: [FIRST], adopted: [present, leaving] })
    expect(healthOf({ ring }, NOW + 99)).toMatchObject({
      adoptedKeys: { adopted: 1, withdrawn: 1 },
      nextMoment: { at: NOW + 100, what: 'retirement' },
    })
    expect(healthOf({ ring }, NOW + 100).adoptedKeys).toEqual({ adopted: 1, withdrawn: 0 })
  })

  test.each([
    ['ok with a key in the set', [present], NOW, 'ok'],
    ['ok with a withdrawn key to its last second', [leaving], NOW + 99, 'ok'],
    ['without published key from then on', [leaving], NOW + 100, 'no_published_key'],
    ['without published key before anything was adopted', [], NOW, 'no_published_key'],
  ])('that only publishes is %s', (_title, adopted, now, status) => {
    const health = healthOf({ policy: publishOnly, ring: aRing({ keys: [], adopted }) }, now)
    expect(health).toMatchObject({ status, activeKey: null, successor: null })
  })

  test('with a policy of own keys and none of them waits for the first', () => {
    const ring = aRing({ keys: [], adopted: [present] })
    expect(healthOf({ ring }, NOW).status).toBe('first_key_pending')
  })

  test('with a first key whose moment is set waits for that', () => {
    const ring = aRing({ keys: [FIRST], adopted: [present] })
    expect(healthOf({ ring }, NOW - 1)).toMatchObject({
      status: 'first_key_pending',
      activeKey: null,
      successor: { kid: 'kid-first' },
      nextMoment: { at: NOW, what: 'activation' },
    })
  })

  test.each([
    ['ok is the last good', { ring: aRing({ keys: [FIRST] }) }, NOW, 'last_good'],
    [
      'overdue is the last good',
      { ring: aRing({ keys: [FIRST] }) },
      NOW + PERIOD + 3601,
      'last_good',
    ],
    [
      'without successor is the last good',
      { ring: aRing({ keys: [FIRST] }) },
      NOW + 3601,
      'last_good',
    ],
    [
      'with its first key pending is the last good',
      { ring: aRing({ keys: [], adopted: [present] }) },
      NOW,
      'last_good',
    ],
    ['without active key stays that', { ring: aRing({ keys: [] }) }, NOW, 'no_active_key'],
    [
      'without published key stays that',
      { policy: publishOnly, ring: aRing({ keys: [] }) },
      NOW,
      'no_published_key',
    ],
  ])('that storage does not confirm: %s', (_title, members, now, status) => {
    const storage = { confirmedAt: NOW - 20, lastGoodUntil: NOW + 900 }
    expect(healthOf(members, now, storage)).toMatchObject({ status, storage })
  })

  test.each([
    ['ok', true],
    ['overdue', true],
    ['no_successor', true],
    ['successor_not_seen', true],
    ['successor_not_proved', true],
    ['first_key_pending', true],
    ['last_good', true],
    ['no_active_key', false],
    ['no_published_key', false],
  ] as const)('of status %s serves: %s', (status, serves) => {
    expect(isServing(status)).toBe(serves)
  })
})
