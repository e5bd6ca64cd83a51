import { describe, expect, test } from 'vitest'
import { policyEffects, type PolicyEffect } from '../../../src/control/policy-effects.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { IssuerPolicy } from '../../../src/issuers/policy.ts'
import { HAND_OVER_NOTICE_SECONDS } from '../../../src/limits.ts'
import { NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  EXPIRED_COPIES,
  DAY,
  HOUR,
  POLICY,
} from '../../support/rotation-fixtures.ts'

const RING = aRotating([ACTIVE, aSuccessor()])
const LATER = NOW + HOUR
const LEAST_DELAY = 2700
const DECIDED = 'the next hand-over is decided by it'
const MOVED = 'the next hand-over is moved to it, unless it is minutes away'

function effectsOf(
  settings: Partial<IssuerPolicy>,
  document: IssuerDocument = RING,
  now = LATER,
): PolicyEffect[] {
  return policyEffects(document, { ...document.policy, ...settings }, BOUNDS, now)
}

describe('the effect of a change', () => {
  test.each<
    [title: string, settings: Partial<IssuerPolicy>, effect: Omit<PolicyEffect, 'setting'>]
  >([
    [
      'of the algorithm is a rotation',
      { algorithm: 'ES256' },
      {
        from: 'RS256',
        to: 'ES256',
        takesEffect: 'by_rotation',
        at: LATER + 2 * HOUR,
        explanation:
          'a key of the new kind is made by the next rotation, and signs once the public documents have shown it for the propagation delay; until then nothing changes, and keys of the old kind stay published as long as tokens of theirs live',
      },
    ],
    [
      'of the custody is a rotation',
      { custody: 'kms' },
      {
        from: 'sealed',
        to: 'kms',
        takesEffect: 'by_rotation',
        at: LATER + 2 * HOUR,
        explanation: expect.stringMatching(/^a key of the new kind is made/) as string,
      },
    ],
    [
      'to a shorter period moves the hand-over to its end',
      { rotationPeriodSeconds: 5 * DAY },
      {
        from: 10 * DAY,
        to: 5 * DAY,
        takesEffect: 'at_once',
        at: NOW + 5 * DAY,
        explanation: DECIDED,
      },
    ],
    [
      'to a longer period moves the hand-over to its end',
      { rotationPeriodSeconds: 20 * DAY },
      {
        from: 10 * DAY,
        to: 20 * DAY,
        takesEffect: 'at_once',
        at: NOW + 20 * DAY,
        explanation: DECIDED,
      },
    ],
    [
      'to a period that is over waits for the proof of the successor',
      { rotationPeriodSeconds: 2 * HOUR + 1 },
      {
        from: 10 * DAY,
        to: 2 * HOUR + 1,
        takesEffect: 'at_once',
        at: LATER + 2 * HOUR,
        explanation: DECIDED,
      },
    ],
    [
      'of the delay leaves the hand-over at the end of the period',
      { propagationDelaySeconds: HOUR },
      {
        from: 2 * HOUR,
        to: HOUR,
        takesEffect: 'at_once',
        at: NOW + 10 * DAY,
        explanation: DECIDED,
      },
    ],
    [
      'to longer tokens waits until it was seen',
      { tokenTtlMaxSeconds: DAY },
      {
        from: HOUR + 300,
        to: DAY,
        takesEffect: 'once_seen',
        explanation:
          'longer tokens are minted once a rotation has seen the new policy in the public documents: hosts with an old copy would drop a key before its tokens expire',
      },
    ],
    [
      'to shorter tokens is at once for new ones alone',
      { tokenTtlMaxSeconds: 600 },
      {
        from: HOUR + 300,
        to: 600,
        takesEffect: 'by_degrees',
        explanation:
          'new tokens have it at once; keys stay published for tokens of the old length until a rotation has seen the new policy, and then for twice that length',
      },
    ],
    [
      'to a longer max-age is at once',
      { jwksMaxAgeSeconds: 600 },
      { from: 300, to: 600, takesEffect: 'at_once', explanation: 'new answers have it' },
    ],
    [
      'to a shorter max-age is at once for new answers alone',
      { jwksMaxAgeSeconds: 60 },
      {
        from: 300,
        to: 60,
        takesEffect: 'by_degrees',
        explanation:
          'new answers have it at once; rotations wait for caches of the old length until a rotation has seen the new policy, and then for twice that length',
      },
    ],
  ])('%s', (_title, settings, effect) => {
    expect(effectsOf(settings)).toStrictEqual([{ setting: Object.keys(settings)[0], ...effect }])
  })

  test.each<[title: string, settings: Partial<IssuerPolicy>]>([
    ['there is none of a change of nothing', {}],
    ['there is none of a setting that stays', { ...POLICY }],
  ])('%s', (_title, settings) => {
    expect(effectsOf(settings)).toStrictEqual([])
  })

  test('is told of each setting, in the order in which policies are shown', () => {
    const settings = effectsOf({
      jwksMaxAgeSeconds: 60,
      tokenTtlMaxSeconds: 600,
      propagationDelaySeconds: DAY,
      rotationPeriodSeconds: 20 * DAY,
      custody: 'kms',
      algorithm: 'ES256',
    }).map(({ setting }) => setting)
    expect(settings).toStrictEqual(Object.keys(POLICY))
  })
})

describe('the earliest moment of a new kind of key', () => {
  test.each<[title: string, settings: Partial<IssuerPolicy>, delay: number]>([
    ['counts the delay of the policy to come', { propagationDelaySeconds: DAY }, DAY],
    [
      'counts what caches may hold, where that is more',
      { propagationDelaySeconds: 0 },
      LEAST_DELAY,
    ],
    ['counts the max-age to come', { jwksMaxAgeSeconds: DAY }, 2 * DAY + EXPIRED_COPIES + 300],
  ])('%s', (_title, settings, delay) => {
    expect(effectsOf({ algorithm: 'ES256', ...settings })[0]?.at).toBe(LATER + delay)
  })

  test('counts a longer max-age that is still in force', () => {
    const document = aRotating([ACTIVE], { settling: aSettling({ jwksMaxAgeSeconds: DAY }) })
    expect(effectsOf({ algorithm: 'ES256' }, document)[0]?.at).toBe(
      LATER + 2 * DAY + EXPIRED_COPIES + 300,
    )
  })

  test('counts a max-age that this change lowers', () => {
    const document = aRotating([ACTIVE], { policy: { ...POLICY, jwksMaxAgeSeconds: DAY } })
    const settings = { algorithm: 'ES256', jwksMaxAgeSeconds: 300 } as const
    expect(effectsOf(settings, document)[0]?.at).toBe(LATER + 2 * DAY + EXPIRED_COPIES + 300)
  })

  test('is for the first key of an issuer that has none', () => {
    const document = aRotating([], { policy: { ...POLICY, custody: 'none' } })
    expect(effectsOf({ custody: 'sealed' }, document)).toStrictEqual([
      {
        setting: 'custody',
        from: 'none',
        to: 'sealed',
        takesEffect: 'by_rotation',
        at: LATER + 2 * HOUR,
        explanation:
          'its first key is made by the next rotation, and signs once the public documents have shown it for the propagation delay',
      },
    ])
  })
})

describe('the earliest moment of a hand-over that a policy moves', () => {
  const seen = { firstSeenAt: NOW + 600 }
  const set = { ...seen, activatesAt: NOW + 10 * DAY }

  test.each<[title: string, document: IssuerDocument, now: number, at: number | undefined]>([
    [
      'is the delay after the first sighting',
      aRotating([ACTIVE, aSuccessor(seen)]),
      LATER,
      NOW + 600 + DAY,
    ],
    ['is the delay from now without sighting', RING, LATER, LATER + DAY],
    ['is the delay from now without successor', aRotating([ACTIVE]), LATER, LATER + DAY],
    [
      'is as soon as hosts can hear of it, where all is over',
      aRotating([ACTIVE, aSuccessor(set)]),
      NOW + 5 * DAY,
      NOW + 5 * DAY + HAND_OVER_NOTICE_SECONDS,
    ],
    ['is unknown while no key signs', aRotating([aSuccessor()]), LATER, undefined],
  ])('%s', (_title, document, now, at) => {
    const settings = { rotationPeriodSeconds: DAY + 1, propagationDelaySeconds: DAY }
    const [period, delay] = effectsOf(settings, document, now)
    const expected = at === undefined ? {} : { at: Math.max(at, NOW + DAY + 1) }
    expect(period).toMatchObject({ setting: 'rotationPeriodSeconds', ...expected })
    expect(delay).toMatchObject({ setting: 'propagationDelaySeconds', ...expected })
    expect('at' in (period ?? {})).toBe(at !== undefined)
  })

  test('counts a longer max-age that is still in force', () => {
    const settling = aSettling({ jwksMaxAgeSeconds: 8 * DAY })
    const document = aRotating([ACTIVE, aSuccessor(seen)], { settling })
    const [effect] = effectsOf({ rotationPeriodSeconds: 5 * DAY }, document)
    expect(effect?.at).toBe(NOW + 600 + 16 * DAY + EXPIRED_COPIES + 300)
  })

  test.each([
    ['moves a moment that is set', aSuccessor(set), MOVED],
    ['decides one that is not', aSuccessor(seen), DECIDED],
  ])('%s', (_title, successor, explanation) => {
    const [effect] = effectsOf({ rotationPeriodSeconds: 5 * DAY }, aRotating([ACTIVE, successor]))
    expect(effect?.explanation).toBe(explanation)
  })
})
