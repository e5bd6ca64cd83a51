import { describe, expect, test } from 'vitest'
import {
  DEFAULT_POLICY,
  DURATION_SETTINGS,
  ownKeysMax,
  policyProblems,
  retentionSeconds,
  uselessSettingsProblem,
} from '../../../src/issuers/policy.ts'
import { anAdoptedKey, EC_JWK } from '../../support/fixtures.ts'

const FRESH = { documentStalenessSeconds: 0, lastGoodSeconds: 0 }
const STALE = { documentStalenessSeconds: 300, lastGoodSeconds: 0 }
const LAST_GOOD = { documentStalenessSeconds: 0, lastGoodSeconds: 3600 }
const HOUR = 3600

function problemsOf(members: object, bounds = FRESH): string[] {
  return policyProblems({ ...DEFAULT_POLICY, ...members }, bounds)
}

describe('a policy', () => {
  test.each([
    ['a store without staleness', FRESH],
    ['a store that is five minutes behind', STALE],
    ['a host that serves its last good copy for an hour', LAST_GOOD],
  ])('is fine as it is by default, on %s', (_title, bounds) => {
    expect(policyProblems(DEFAULT_POLICY, bounds)).toEqual([])
  })

  test.each<[string, object]>([
    ['the least rotation period', { rotationPeriodSeconds: HOUR, propagationDelaySeconds: 2520 }],
    ['the most rotation period', { rotationPeriodSeconds: 3650 * 86_400 }],
    ['the least token TTL', { tokenTtlMaxSeconds: 600 }],
    ['the most token TTL', { tokenTtlMaxSeconds: 86_400 }],
    ['the least max-age', { jwksMaxAgeSeconds: 60 }],
    ['the most max-age', { jwksMaxAgeSeconds: 86_400, propagationDelaySeconds: 174_120 }],
    ['ES256', { algorithm: 'ES256' }],
  ])('may have %s', (_title, members) => {
    expect(problemsOf(members)).toEqual([])
  })

  test.each<[string, object, string]>([
    ['refuses another algorithm', { algorithm: 'HS256' }, 'algorithm must be one of RS256, ES256'],
    [
      'refuses an algorithm that steers terminals',
      { algorithm: 'a\u202eb' },
      String.raw`got "a\u{202e}b"`,
    ],
    [
      'refuses another custody',
      { custody: 'clear' },
      'custody must be one of kms, kms-wrapped, sealed, none',
    ],
    ...Object.entries(DURATION_SETTINGS).flatMap(([name, { min, max }]) =>
      [min - 1, max + 1, min + 0.5, Number.NaN, Infinity, '3600', null].map(
        (value): [string, object, string] => [
          `refuses ${name} ${typeof value === 'string' ? `in words, ${value}` : value}`,
          { [name]: value },
          `${name} must be a whole number of seconds from ${min} to ${max}, got ${typeof value === 'string' ? `"${value}"` : value}`,
        ],
      ),
    ),
  ])('%s', (_title, members, sentence) => {
    expect(problemsOf(members)).toEqual([expect.stringContaining(sentence)])
  })

  test('refuses every wrong setting at once, and says what was given', () => {
    const problems = problemsOf({ algorithm: 'none', tokenTtlMaxSeconds: 1, jwksMaxAgeSeconds: 1 })
    expect(problems).toEqual([
      expect.stringMatching(/^algorithm .* got "none"$/),
      expect.stringMatching(/^tokenTtlMaxSeconds .* got 1$/),
      expect.stringMatching(/^jwksMaxAgeSeconds .* got 1$/),
    ])
  })
})

describe('the relations of a policy', () => {
  test.each([
    ['what relying parties cache anyway', 60, FRESH, 2 * 600 + 1200 + 120],
    ['a longer max-age', 1000, FRESH, 2 * 1000 + 1200 + 120],
    ['the staleness of the store', 60, STALE, 2 * 600 + 1200 + 300 + 120],
    ['the last good copy', 60, LAST_GOOD, 2 * 600 + 1200 + 3600 + 120],
  ])('the propagation delay covers %s', (_title, jwksMaxAgeSeconds, bounds, least) => {
    const enough = { jwksMaxAgeSeconds, propagationDelaySeconds: least }
    const short = { jwksMaxAgeSeconds, propagationDelaySeconds: least - 1 }
    expect(problemsOf(enough, bounds)).toEqual([])
    expect(problemsOf(short, bounds)).toEqual([
      expect.stringMatching(
        `^propagationDelaySeconds must be at least ${least} .*got ${least - 1}`,
      ),
    ])
  })

  test('a key signs for longer than its successor takes to be known', () => {
    const delay = { propagationDelaySeconds: 7200 }
    expect(problemsOf({ ...delay, rotationPeriodSeconds: 7201 })).toEqual([])
    expect(problemsOf({ ...delay, rotationPeriodSeconds: 7200 })).toEqual([
      expect.stringMatching(
        /^rotationPeriodSeconds must be more than propagationDelaySeconds \(7200\), got 7200/,
      ),
    ])
  })

  test('no more keys are published than AWS reads', () => {
    const hourly = { rotationPeriodSeconds: HOUR, propagationDelaySeconds: 2520 }
    const staleness = 94 * HOUR - retentionSeconds({ ...DEFAULT_POLICY, ...hourly }, FRESH)
    const most = problemsOf(hourly, { documentStalenessSeconds: staleness, lastGoodSeconds: 0 })
    const tooMany = problemsOf(hourly, {
      documentStalenessSeconds: staleness + 1,
      lastGoodSeconds: 0,
    })
    const sentence = expect.stringMatching(
      /^rotationPeriodSeconds must leave at most 96 RSA keys .* got 3600 which leaves 97:/,
    )
    expect(most).not.toContainEqual(expect.stringContaining('at most 96 RSA keys'))
    expect(tooMany).toContainEqual(sentence)
  })

  test('every one that is broken is said', () => {
    const broken = { rotationPeriodSeconds: HOUR, propagationDelaySeconds: HOUR }
    expect(
      problemsOf(broken, { documentStalenessSeconds: 400_000, lastGoodSeconds: 0 }),
    ).toHaveLength(3)
  })
})

describe('retention', () => {
  test('is the longest token, its leeway, every cache and both clocks', () => {
    const policy = { ...DEFAULT_POLICY, tokenTtlMaxSeconds: 1000, jwksMaxAgeSeconds: 200 }
    expect(retentionSeconds(policy, FRESH)).toBe(1000 + 300 + 200 + 2 * 60)
    expect(retentionSeconds(policy, STALE)).toBe(1000 + 300 + 300 + 200 + 2 * 60)
  })
})

describe('the policy of an issuer that only publishes', () => {
  const none = { custody: 'none' as const }

  test('has no relations to hold, and still has bounds', () => {
    const broken = { rotationPeriodSeconds: HOUR, propagationDelaySeconds: HOUR }
    expect(problemsOf(broken)).not.toEqual([])
    expect(problemsOf({ ...broken, ...none })).toEqual([])
    expect(problemsOf({ jwksMaxAgeSeconds: 1, ...none })).toEqual([
      expect.stringContaining('jwksMaxAgeSeconds must be'),
    ])
  })

  test('has no keys of its own', () => {
    expect(ownKeysMax({ ...DEFAULT_POLICY, ...none }, FRESH)).toBe(0)
    expect(ownKeysMax(DEFAULT_POLICY, FRESH)).toBe(3)
  })

  test.each<[string, Partial<typeof DEFAULT_POLICY>]>([
    ['nothing', {}],
    ['its custody', none],
    ['a max-age', { ...none, jwksMaxAgeSeconds: 60 }],
  ])('may be given %s', (_title, settings) => {
    expect(uselessSettingsProblem('none', settings)).toBeUndefined()
  })

  test.each<[string, Partial<typeof DEFAULT_POLICY>, string]>([
    ['refuses an algorithm', { algorithm: 'ES256' }, 'algorithm'],
    ['refuses a rotation period', { rotationPeriodSeconds: HOUR }, 'rotationPeriodSeconds'],
    ['refuses a delay', { ...none, propagationDelaySeconds: HOUR }, 'propagationDelaySeconds'],
    ['refuses a token TTL', { tokenTtlMaxSeconds: HOUR }, 'tokenTtlMaxSeconds'],
    [
      'refuses each by its name',
      { algorithm: 'RS256', jwksMaxAgeSeconds: 60, tokenTtlMaxSeconds: HOUR },
      'algorithm, tokenTtlMaxSeconds',
    ],
  ])('%s', (_title, settings, names) => {
    expect(uselessSettingsProblem('none', settings)).toBe(
      `an issuer that only publishes has no key of its own, so it takes custody, jwksMaxAgeSeconds alone, got ${names}: leave it out`,
    )
    expect(uselessSettingsProblem('sealed', settings)).toBeUndefined()
  })
})

describe('a policy beside adopted keys', () => {
  const hourly = { ...DEFAULT_POLICY, rotationPeriodSeconds: HOUR, propagationDelaySeconds: 2520 }
  const own = ownKeysMax(hourly, FRESH)
  const rsa = Array.from({ length: 97 }, () => anAdoptedKey())
  const ec = rsa.map((key) => ({ ...key, alg: 'ES256' as const, publicJwk: EC_JWK }))

  test('leaves room for those of its type', () => {
    expect(policyProblems(hourly, FRESH, rsa.slice(0, 96 - own))).toEqual([])
    expect(policyProblems(hourly, FRESH, rsa.slice(0, 97 - own))).toEqual([
      `rotationPeriodSeconds must leave at most 96 RSA keys published at once (AWS reads 100), got 3600 which leaves 97, ${97 - own} of them adopted: raise it or lower tokenTtlMaxSeconds`,
    ])
  })

  test('does not count those of the other type', () => {
    expect(policyProblems(hourly, FRESH, ec)).toEqual([])
    expect(policyProblems({ ...hourly, algorithm: 'ES256' }, FRESH, rsa)).toEqual([])
  })
})
