/**
 * Arbitrary histories. Everything shrinks to calm: no skew, no latency, no event.
 */

import * as fc from 'fast-check'
import {
  CRITICAL_MOMENTS,
  type Event,
  type Happening,
  type History,
  type Host,
  type Look,
  type PolicyChoice,
  type Start,
  TOLD_SECONDS_MAX,
  type Wait,
} from './history.ts'
import type { Fate, Weather } from './simulation.ts'

const HOUR = 3600
const DAY = 86_400

/** What more of it there is in a history than of everything else. */
export type Emphasis = Exclude<Happening['type'], 'wait'> | 'crashes' | 'races' | 'kept keys'

/** Two clocks then differ by at most the clock skew. */
const skew = fc.constantFrom(0, -30, 30, -11, 17)

function weatherOf(emphasis: readonly Emphasis[]): fc.Arbitrary<Weather[]> {
  const isWild = emphasis.includes('crashes')
  const seconds = fc.constantFrom(0, 0, 0, 0.1, 0.3, 1, 4, 15)
  const fate = fc.oneof(
    { weight: isWild ? 4 : 20, arbitrary: fc.constant<Fate>('happens') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Fate>(
        'crash after',
        'crash before',
        'loses answer',
        'fails',
        'conflicts',
      ),
    },
  )
  const long = fc.oneof(
    { weight: 12, arbitrary: seconds },
    { weight: 1, arbitrary: fc.constantFrom(40, 200, 850) },
  )
  const step = fc.record({ before: seconds, after: long, fate })
  const many = fc.array(step, { maxLength: 12 })
  return isWild
    ? many
    : fc.oneof({ weight: 2, arbitrary: fc.constant<Weather[]>([]) }, { weight: 1, arbitrary: many })
}

const part = fc.constantFrom(0, 0, 0.5, 1)
const look: fc.Arbitrary<Look> = fc.record({
  cached: part,
  stale: part,
  isLastGood: fc.oneof(
    { weight: 7, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  edgeSkew: skew,
  tampering: fc.oneof(
    { weight: 15, arbitrary: fc.constant('none' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'swapped' as const,
        'hidden' as const,
        'twice' as const,
        'renamed algorithm' as const,
        'ahead' as const,
      ),
    },
  ),
})

const seconds = fc.oneof(
  fc.nat({ max: 30 }),
  fc.integer({ min: 60, max: 1500 }),
  fc.integer({ min: HOUR, max: DAY }),
  fc.integer({ min: DAY, max: 30 * DAY }),
  { weight: 1, arbitrary: fc.integer({ min: 30 * DAY, max: 200 * DAY }) },
)
const wait: fc.Arbitrary<Wait> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ seconds }) },
  {
    weight: 3,
    arbitrary: fc.record({
      moment: fc.constantFrom(...CRITICAL_MOMENTS),
      offset: fc.oneof(fc.constantFrom(0, 1, 60), fc.integer({ min: -200, max: 400 })),
    }),
  },
)

const durations = {
  jwksMaxAgeSeconds: fc.constantFrom(600, 60, 300, HOUR, 6 * HOUR, DAY),
  tokenTtlMaxSeconds: fc.constantFrom(HOUR, 600, 12 * HOUR, DAY),
  extraDelaySeconds: fc.constantFrom(0, HOUR, 20 * HOUR, 5 * DAY),
  extraPeriodSeconds: fc.constantFrom(7 * DAY, 1, 2 * HOUR, DAY, 90 * DAY),
}

const policyChoice = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record(durations, { requiredKeys: [] }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        custody: fc.constantFrom('sealed' as const, 'kms' as const),
        algorithm: fc.constantFrom('ES256' as const, 'RS256' as const),
      },
      { requiredKeys: [] },
    ),
  },
) as fc.Arbitrary<PolicyChoice>

function happening(emphasis: readonly Emphasis[]): fc.Arbitrary<Happening> {
  const weather = weatherOf(emphasis)
  const host: fc.Arbitrary<Host> = fc.record({ skew, weather })
  const looking = fc.record({ skew, weather, look })
  const more = (type: Emphasis): number => (emphasis.includes(type) ? 5 : 1)
  return fc.oneof(
    // So that whatever a failure does not need can shrink to nothing.
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant({ type: 'wait' as const }) },
    {
      weight: 12,
      arbitrary: fc.record({
        type: fc.constant('rotate' as const),
        hosts: fc.array(looking, { minLength: 1, maxLength: more('races') > 1 ? 4 : 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('confirm' as const),
        host,
        look,
        laterSeconds: fc.nat({ max: TOLD_SECONDS_MAX }),
      }),
    },
    {
      weight: more('sweep'),
      arbitrary: fc.record({
        type: fc.constant('sweep' as const),
        hosts: fc.array(host, { minLength: 1, maxLength: 2 }),
      }),
    },
    {
      weight: more('set policy'),
      arbitrary: fc.record({
        type: fc.constant('set policy' as const),
        host,
        choice: policyChoice,
      }),
    },
    {
      weight: more('revoke'),
      arbitrary: fc.record({
        type: fc.constant('revoke' as const),
        host,
        which: fc.constantFrom('pending' as const, 'active' as const, 'retiring' as const),
        isGraceful: fc.boolean(),
      }),
    },
    {
      weight: more('adopt'),
      arbitrary: fc.record({
        type: fc.constant('adopt' as const),
        host,
        set: fc.subarray([0, 1, 2]),
        retentionSeconds: fc.constantFrom(undefined, 0, HOUR),
      }),
    },
    {
      weight: more('public store stuck'),
      arbitrary: fc.record({
        type: fc.constant('public store stuck' as const),
        seconds: fc.constantFrom(600, HOUR, DAY, 30 * DAY),
      }),
    },
  )
}

function start(emphasis: readonly Emphasis[]): fc.Arbitrary<Start> {
  const more = emphasis.includes('kept keys') ? 9 : 2
  return fc.record({
    store: fc.constantFrom('s3' as const, 'kv' as const),
    custody: fc.oneof(
      { weight: 4, arbitrary: fc.constant('sealed' as const) },
      { weight: more, arbitrary: fc.constant('kms' as const) },
      { weight: 1, arbitrary: fc.constant('none' as const) },
    ),
    algorithm: fc.constant('ES256' as const),
    adopted: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray([0, 1, 2], { minLength: 1 }) },
    ),
    choice: fc.record(durations),
    mismatched: fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 })) },
    ),
  })
}

/** `emphasis`: of what there is more than else. */
export function anyHistory(...emphasis: Emphasis[]): fc.Arbitrary<History> {
  const event = fc
    .tuple(wait, happening(emphasis))
    .map(([after, what]): Event => ({ ...what, after }))
  return fc.record({
    start: start(emphasis),
    events: fc.array(event, { minLength: 20, maxLength: 80, size: 'max' }),
  })
}
