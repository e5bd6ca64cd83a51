import { describe, expect, test } from 'vitest'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { type PublicationBounds, retentionSeconds } from '../../../src/issuers/policy.ts'
import { withPolicy } from '../../../src/issuers/policy-in-force.ts'
import { nextRevision } from '../../../src/issuers/issuer-changes.ts'
import {
  type RingSimulation,
  type SimulatedMoment,
  simulateRing,
} from '../../../src/keyring/simulate-ring.ts'
import { CLOCK_SKEW_SECONDS } from '../../../src/limits.ts'
import { aKey, anAdoptedKey, anIssuer, aRing, NO_BOUNDS, NOW } from '../../support/fixtures.ts'
import { BOUNDS, DAY, HOUR, POLICY } from '../../support/rotation-fixtures.ts'

const RUN = 900

function simulate(
  document: IssuerDocument,
  { seconds = 60 * DAY, every = RUN, bounds = BOUNDS }: SimulateOptions = {},
): RingSimulation {
  return simulateRing(document, {
    bounds,
    from: NOW,
    until: NOW + seconds,
    everySeconds: every,
  })
}

interface SimulateOptions {
  readonly seconds?: number
  readonly every?: number
  readonly bounds?: PublicationBounds
}

/** `what @minutes kid` since the beginning. */
function told(moments: readonly SimulatedMoment[]): string[] {
  return moments.map((moment) => {
    const minutes = (moment.at - NOW) / 60
    if (moment.what !== 'run') return `${moment.what} @${minutes} ${moment.kid}`
    const { action } = moment
    return `${action.type} @${minutes} ${'kid' in action ? action.kid : ''}`.trimEnd()
  })
}

const NEW = anIssuer({ policy: POLICY, ring: aRing({ keys: [] }) })

describe('a new issuer', () => {
  test('gets its first key, and a successor that is proved and signs after the period', () => {
    const { moments } = simulate(NEW, { seconds: 11 * DAY })
    const handOver = 10 * 24 * 60 - CLOCK_SKEW_SECONDS / 60
    const retention = retentionSeconds(POLICY, BOUNDS) / 60
    expect(told(moments)).toEqual([
      'create @0 new-1',
      'create @15 new-2',
      'see @30 new-2',
      'confirm @45 new-2',
      `signs @${handOver} new-2`,
      'create @14400 new-3',
      'see @14415 new-3',
      'confirm @14430 new-3',
      `retires @${handOver + retention} new-1`,
      'prune @14490 new-1',
    ])
  })

  test('has a signer at every moment, each seen for the propagation delay, each for the period', () => {
    const { keys, rotations } = simulate(NEW)
    expect(rotations).toBe(6)
    const signing = keys.filter(({ activatesAt = Infinity }) => activatesAt <= NOW + 60 * DAY)
    expect(signing).toHaveLength(7)
    const handOvers = signing.slice(1).map((key, index) => {
      const { activatesAt = NaN, firstSeenAt = NaN } = key
      const before = signing[index]
      return {
        isProved: activatesAt - firstSeenAt >= POLICY.propagationDelaySeconds,
        followsAtOnce: before?.supersededAt === activatesAt,
        period: activatesAt - (before?.activatesAt ?? NaN),
      }
    })
    const right = { isProved: true, followsAtOnce: true, period: 10 * DAY }
    expect(handOvers).toEqual(handOvers.map(() => right))
  })

  test('publishes at most the active key, its successor and one that retires', () => {
    const { publishedMax, jwkSetBytesMax } = simulate(NEW)
    expect(publishedMax).toBe(3)
    const member = { kty: 'RSA', kid: 'k'.repeat(43), use: 'sig', alg: 'RS256' }
    const key = { ...member, n: 'n'.repeat(342), e: 'AQAB' }
    expect(jwkSetBytesMax).toBe(JSON.stringify({ keys: [key, key, key] }).length)
  })

  test('is simulated the same twice, and the document stays as it was', () => {
    const document = structuredClone(NEW)
    expect(simulate(document)).toEqual(simulate(document))
    expect(document).toEqual(NEW)
  })

  test('has its moments in order, none outside of the time that was asked for', () => {
    const { moments } = simulate(NEW)
    const times = moments.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(NOW)
    expect(Math.max(...times)).toBeLessThanOrEqual(NOW + 60 * DAY)
  })

  test('of a job that runs every day is slower, never without a signer', () => {
    const { moments, rotations } = simulate(NEW, { every: DAY })
    expect(told(moments).slice(0, 4)).toEqual([
      'create @0 new-1',
      'create @1440 new-2',
      'see @2880 new-2',
      'confirm @4320 new-2',
    ])
    expect(rotations).toBe(6)
  })
})

describe('the public documents', () => {
  test('are as old as they may be', () => {
    const bounds = { documentStalenessSeconds: 2 * HOUR, lastGoodSeconds: 0 }
    const { moments } = simulate(
      { ...NEW, policy: { ...POLICY, propagationDelaySeconds: DAY } },
      { seconds: DAY, bounds },
    )
    // Made at 15, shown from 135, for the second time a max-age and a staleness later.
    expect(told(moments)).toEqual([
      'create @0 new-1',
      'create @15 new-2',
      'see @135 new-2',
      'confirm @270 new-2',
    ])
  })
})

describe('a present ring', () => {
  const active = aKey({ kid: 'old', activatesAt: NOW - 9 * DAY, publishedAt: NOW - 10 * DAY })

  test('of which a key was revoked gets another at once, which signs as soon as caches allow', () => {
    const ring = aRing({ keys: [{ ...active, revokedAt: NOW - HOUR }] })
    const { moments } = simulate(anIssuer({ policy: POLICY, ring }), { seconds: 3 * HOUR })
    // The old one is superseded at 60, published for 80 minutes more and pruned by the first run two minutes behind that.
    expect(told(moments)).toEqual([
      'create @0 new-1',
      'see @15 new-1',
      'confirm @30 new-1',
      'signs @60 new-1',
      'create @60 new-2',
      'see @75 new-2',
      'confirm @90 new-2',
      'prune @150 old',
    ])
  })

  test('of which a key is about to be revoked loses it then', () => {
    const ring = aRing({ keys: [{ ...active, revokedAt: NOW + HOUR }] })
    const { moments, keys } = simulate(anIssuer({ policy: POLICY, ring }), { seconds: DAY })
    expect(told(moments)).toContain('revoked @60 old')
    expect(told(moments).some((line) => /retires .* old/.test(line))).toBe(false)
    expect(keys[0]).toMatchObject({ kid: 'old', revokedAt: NOW + HOUR })
  })

  test('under a policy of another algorithm loses the successor of the old one, which never signs', () => {
    const waiting = aKey({ kid: 'waiting', slot: 'b', publishedAt: NOW - DAY })
    const { activatesAt: _, ...unproved } = waiting
    const document = anIssuer({ policy: POLICY, ring: aRing({ keys: [active, unproved] }) })
    const changed = withPolicy(
      nextRevision(document, NOW),
      { ...POLICY, algorithm: 'ES256' },
      BOUNDS,
      NOW,
    )
    const { moments, keys } = simulate(changed, { seconds: DAY })
    const lines = told(moments)
    expect(lines.slice(0, 4)).toEqual([
      'create @0 new-1',
      'see @15 new-1',
      'confirm @30 new-1',
      'prune @30 waiting',
    ])
    expect(lines.some((line) => /^signs .* waiting/.test(line))).toBe(false)
    expect(keys.find(({ kid }) => kid === 'waiting')).toMatchObject({ prunedAt: NOW + 2 * RUN })
    expect(keys.find(({ kid }) => kid === 'new-1')).toMatchObject({ alg: 'ES256' })
  })

  test('under a policy of another algorithm loses a successor whose time was set, which never signs', () => {
    const waiting = aKey({ kid: 'waiting', slot: 'b', activatesAt: NOW + DAY })
    const policy = { ...POLICY, algorithm: 'ES256' as const }
    const { moments } = simulate(anIssuer({ policy, ring: aRing({ keys: [active, waiting] }) }), {
      seconds: 2 * DAY,
    })
    const lines = told(moments)
    expect(lines).toContain('prune @30 waiting')
    expect(lines.filter((line) => line.startsWith('signs'))).toEqual(['signs @135 new-1'])
  })

  test('with two keys of one moment hands over to the later one alone', () => {
    const [a, b] = ['a', 'b'].map((kid) => aKey({ kid, slot: kid, activatesAt: NOW + 60 }))
    const keys = [active, ...(a && b ? [a, b] : [])]
    const { moments, rotations } = simulate(anIssuer({ policy: POLICY, ring: aRing({ keys }) }), {
      seconds: HOUR,
    })
    expect(told(moments).filter((line) => line.startsWith('signs'))).toEqual(['signs @1 b'])
    expect(rotations).toBe(1)
  })

  test('keeps its adopted keys, which count among those that are published', () => {
    const ring = aRing({ keys: [], adopted: [anAdoptedKey()] })
    const { publishedMax, moments, rotations } = simulate(anIssuer({ policy: POLICY, ring }))
    expect(publishedMax).toBe(4)
    // The first key of its own has to be proved too.
    expect(told(moments).slice(0, 3)).toEqual([
      'create @0 new-1',
      'see @15 new-1',
      'confirm @30 new-1',
    ])
    expect(rotations).toBe(6)
  })

  test('without a policy that makes keys stays as it is', () => {
    const ring = aRing({ keys: [], adopted: [anAdoptedKey()] })
    const policy = { ...POLICY, custody: 'none' as const }
    expect(simulate(anIssuer({ policy, ring }), { bounds: NO_BOUNDS })).toMatchObject({
      moments: [],
      keys: [],
      rotations: 0,
      publishedMax: 1,
    })
  })
})
