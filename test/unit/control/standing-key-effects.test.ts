/**
 * What is foretold of a change of the policy where a key stands by that it has to do with.
 */

import { describe, expect, test } from 'vitest'
import { policyEffects, type PolicyEffect } from '../../../src/control/policy-effects.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import type { IssuerPolicy } from '../../../src/issuers/policy.ts'
import { HAND_OVER_NOTICE_SECONDS } from '../../../src/limits.ts'
import { NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSuccessor,
  BOUNDS,
  DAY,
  EC_MEMBERS,
  HOUR,
  POLICY,
} from '../../support/rotation-fixtures.ts'

const LATER = NOW + HOUR

function effectsOf(settings: Partial<IssuerPolicy>, document: IssuerDocument): PolicyEffect[] {
  return policyEffects(document, { ...document.policy, ...settings }, BOUNDS, LATER)
}

describe('the earliest moment of a hand-over that a period decides', () => {
  const near = aSuccessor({
    firstSeenAt: NOW + 600,
    activatesAt: LATER + HAND_OVER_NOTICE_SECONDS - 1,
  })
  const nearOther = { ...near, ...EC_MEMBERS, activatesAt: LATER + 300 }

  test.each([
    ['cannot be moved any more', [ACTIVE, near], near],
    [
      'cannot be moved any more, and there is another',
      [ACTIVE, near, aSuccessor({ firstSeenAt: NOW + 600 })],
      near,
    ],
    ['comes before another can be proved', [ACTIVE, nearOther], nearOther],
  ])('is the written one of a successor that %s', (_title, keys, { activatesAt }) => {
    const [effect] = effectsOf({ rotationPeriodSeconds: 20 * DAY }, aRotating(keys))
    expect(effect).toMatchObject({
      takesEffect: 'at_once',
      at: activatesAt,
      explanation: 'the next hand-over is too near to be moved, the one after it is decided by it',
    })
  })

  test('is moved as long as it can be', () => {
    const movable = { ...near, activatesAt: LATER + HAND_OVER_NOTICE_SECONDS }
    const [effect] = effectsOf({ rotationPeriodSeconds: 20 * DAY }, aRotating([ACTIVE, movable]))
    expect(effect).toMatchObject({
      at: NOW + 20 * DAY,
      explanation: 'the next hand-over is moved to it, unless it is minutes away',
    })
  })
})

describe('a change back to the kind of the key that signs', () => {
  const CHANGED = { policy: { ...POLICY, algorithm: 'ES256' } } as const
  const other = aSuccessor({ ...EC_MEMBERS, firstSeenAt: NOW + 600, activatesAt: NOW + DAY })
  const own = aSuccessor({ firstSeenAt: NOW + 600, activatesAt: NOW + 10 * DAY })

  test.each<[title: string, keys: readonly KeyRecord[]]>([
    ['before any other was made', [ACTIVE]],
    ['while another waits', [ACTIVE, aSuccessor(EC_MEMBERS)]],
    ['while the time of another is set', [ACTIVE, other]],
    ['with a successor of its own', [ACTIVE, other, own]],
    ['about to hand over to its own', [ACTIVE, { ...own, activatesAt: LATER + 60 }]],
  ])('makes no key: %s', (_title, keys) => {
    expect(effectsOf({ algorithm: 'RS256' }, aRotating(keys, CHANGED))).toStrictEqual([
      {
        setting: 'algorithm',
        from: 'ES256',
        to: 'RS256',
        takesEffect: 'at_once',
        explanation: 'the key that signs is of this kind already and signs on: none is made for it',
      },
    ])
  })

  test.each([
    ['cannot be taken out any more', 60],
    ['comes before its own successor can be proved', 360 + HAND_OVER_NOTICE_SECONDS - 1],
  ])('is a rotation, where the other one %s', (_title, seconds) => {
    const keys = [ACTIVE, { ...other, activatesAt: LATER + seconds }]
    const [made] = effectsOf({ algorithm: 'RS256' }, aRotating(keys, CHANGED))
    expect(made).toMatchObject({ takesEffect: 'by_rotation', at: LATER + 2 * HOUR })
    const standing = aRotating([...keys, aSuccessor({ firstSeenAt: LATER })], CHANGED)
    const [stands] = effectsOf({ algorithm: 'RS256' }, standing)
    expect(stands).toMatchObject({ takesEffect: 'by_rotation', at: LATER + 2 * HOUR })
  })

  test('makes no key where its own successor is proved before the other one signs', () => {
    const keys = [ACTIVE, { ...other, activatesAt: LATER + 360 + HAND_OVER_NOTICE_SECONDS }]
    const [effect] = effectsOf({ algorithm: 'RS256' }, aRotating(keys, CHANGED))
    expect(effect?.takesEffect).toBe('at_once')
  })

  test('makes no key where its own successor is proved already, also if documents may be older now', () => {
    const keys = [ACTIVE, { ...other, activatesAt: LATER + 600 }, own]
    const settings = { algorithm: 'RS256', jwksMaxAgeSeconds: DAY } as const
    expect(effectsOf(settings, aRotating(keys, CHANGED))[0]?.takesEffect).toBe('at_once')
  })
})

describe('a change to the kind of a key that stands by', () => {
  const AT = {
    takesEffect: 'by_rotation',
    explanation:
      'a key of the new kind stands by already; until it signs nothing changes, and keys of the old kind stay published as long as tokens of theirs live',
  }

  test.each<[title: string, members: Partial<KeyRecord>, at: number]>([
    ['not seen yet', {}, LATER + 2 * HOUR],
    ['seen before', { firstSeenAt: NOW + 600 }, NOW + 600 + 2 * HOUR],
    [
      'with a later time, which is moved',
      { firstSeenAt: NOW + 600, activatesAt: NOW + 10 * DAY },
      NOW + 600 + 2 * HOUR,
    ],
    [
      'proved for long, which signs as soon as hosts can hear of it',
      { firstSeenAt: NOW - DAY, activatesAt: NOW + 10 * DAY },
      LATER + HAND_OVER_NOTICE_SECONDS,
    ],
    ['about to sign', { firstSeenAt: NOW - DAY, activatesAt: LATER + 60 }, LATER + 60],
  ])('is told from it: %s', (_title, members, at) => {
    const document = aRotating([ACTIVE, aSuccessor({ ...EC_MEMBERS, ...members })])
    expect(effectsOf({ algorithm: 'ES256' }, document)[0]).toMatchObject({ ...AT, at })
  })

  test('is not told from one that is of the old custody', () => {
    const document = aRotating([ACTIVE, aSuccessor({ ...EC_MEMBERS, firstSeenAt: NOW - DAY })])
    const [effect] = effectsOf({ algorithm: 'ES256', custody: 'kms' }, document)
    expect(effect).toMatchObject({ takesEffect: 'by_rotation', at: LATER + 2 * HOUR })
    expect(effect?.explanation).toMatch(/^a key of the new kind is made/)
  })
})
