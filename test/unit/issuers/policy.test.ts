import { describe, expect, test } from 'vitest'
import {
  DEFAULT_POLICY,
  DURATION_SETTINGS,
  policyProblems,
  retentionSeconds,
} from '../../../src/issuers/policy.ts'

const FRESH = { documentStalenessSeconds: 0 }
const STALE = { documentStalenessSeconds: 300 }
const HOUR = 3600

function problemsOf(members: object, bounds = FRESH): string[] {
  return policyProblems({ ...DEFAULT_POLICY, ...members }, bounds)
}

describe('a policy', () => {
  test.each([
    ['a store without staleness', FRESH],
    ['a store that is five minutes behind', STALE],
  ])('is fine as it is by default, on %s', (_title, bounds) => {
    expect(policyProblems(DEFAULT_POLICY, bounds)).toEqual([])
  })

  test.each<[string, object]>([
    ['the least rotation period', { rotationPeriodSeconds: HOUR, propagationDelaySeconds: 1320 }],
    ['the most rotation period', { rotationPeriodSeconds: 3650 * 86_400 }],
    ['the least token TTL', { tokenTtlMaxSeconds: 600 }],
    ['the most token TTL', { tokenTtlMaxSeconds: 86_400 }],
    ['the least max-age', { jwksMaxAgeSeconds: 60 }],
    ['the most max-age', { jwksMaxAgeSeconds: 86_400, propagationDelaySeconds: 172_920 }],
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
    ['refuses another custody', { custody: 'clear' }, 'custody must be one of sealed'],
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
    ['what relying parties cache anyway', 60, FRESH, 2 * 600 + 120],
    ['a longer max-age', 1000, FRESH, 2 * 1000 + 120],
    ['the staleness of the store', 60, STALE, 2 * 600 + 300 + 120],
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
    const hourly = { rotationPeriodSeconds: HOUR, propagationDelaySeconds: 1320 }
    const staleness = 94 * HOUR - retentionSeconds({ ...DEFAULT_POLICY, ...hourly }, FRESH)
    const most = problemsOf(hourly, { documentStalenessSeconds: staleness })
    const tooMany = problemsOf(hourly, { documentStalenessSeconds: staleness + 1 })
    const sentence = expect.stringMatching(
      /^rotationPeriodSeconds must leave at most 96 keys .* got 3600 which leaves 97/,
    )
    expect(most).not.toContainEqual(expect.stringContaining('at most 96 keys'))
    expect(tooMany).toContainEqual(sentence)
  })

  test('every one that is broken is said', () => {
    const broken = { rotationPeriodSeconds: HOUR, propagationDelaySeconds: HOUR }
    expect(problemsOf(broken, { documentStalenessSeconds: 400_000 })).toHaveLength(3)
  })
})

describe('retention', () => {
  test('is the longest token, its leeway, every cache and both clocks', () => {
    const policy = { ...DEFAULT_POLICY, tokenTtlMaxSeconds: 1000, jwksMaxAgeSeconds: 200 }
    expect(retentionSeconds(policy, FRESH)).toBe(1000 + 300 + 200 + 2 * 60)
    expect(retentionSeconds(policy, STALE)).toBe(1000 + 300 + 300 + 200 + 2 * 60)
  })
})
