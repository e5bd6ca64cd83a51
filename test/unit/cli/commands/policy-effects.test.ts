import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { effectsTable, lateEffectSentences } from '../../../../src/cli/commands/policy-effects.ts'
import { type EffectAnswer, forecastAnswer } from '../../../../src/cli/host/rotation-answers.ts'
import type { PolicyEffect, TakesEffect } from '../../../../src/control/policy-effects.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

/** As it arrives. */
function answered(members: Partial<PolicyEffect> = {}): EffectAnswer {
  const effect: PolicyEffect = {
    setting: 'rotationPeriodSeconds',
    from: 90 * DAY,
    to: 7 * DAY,
    takesEffect: 'at_once',
    explanation: 'because',
    ...members,
  }
  const [first] = forecastAnswer.parse({
    id: 'prod',
    revision: 1,
    dryRun: true,
    effects: [effect],
  }).effects
  if (first === undefined) throw new Error('no effect')
  return first
}

const WHEN: Readonly<Record<TakesEffect, string>> = {
  at_once: 'at once',
  once_seen: 'once it was seen',
  by_degrees: 'by degrees',
  by_rotation: 'by a rotation',
}

describe('the table', () => {
  test.each(Object.entries(WHEN))('says that it takes effect %s', (takesEffect, text) => {
    const effect = answered({ takesEffect: takesEffect as TakesEffect })
    const [, row = '', ...rest] = effectsTable([effect], NOW).split('\n')
    expect(row.split(/ {2,}/)).toEqual(['rotation period', '90 d', '7 d', text])
    expect(rest).toEqual(['', 'rotation period: because.'])
  })

  test.each<[TakesEffect, string]>([
    ['at_once', 'at once, felt from 2027-01-16 08:00:00 (in 1 d)'],
    ['by_rotation', 'by a rotation, 2027-01-16 08:00:00 (in 1 d) at the earliest'],
  ])('has the moment of what takes effect %s', (takesEffect, text) => {
    expect(effectsTable([answered({ takesEffect, at: NOW + DAY })], NOW)).toContain(text)
  })

  test('names settings as people do, and those that it does not know as the host does', () => {
    const effects = [
      answered({ setting: 'algorithm', from: 'RS256', to: 'ES256' }),
      answered({ setting: 'tokenTtlMaxSeconds', from: 3600, to: 600 }),
      { ...answered(), setting: 'later', from: 1, to: '\u001B[2J', takesEffect: 'some day' },
    ]
    const [, ...rows] = effectsTable(effects, NOW).split('\n')
    expect(rows.slice(0, 3).map((row) => row.split(/ {2,}/))).toEqual([
      ['algorithm', 'RS256', 'ES256', 'at once'],
      ['token TTL maximum', '1 h', '10 min', 'at once'],
      ['later', '1', '\\u{1b}[2J', 'some day'],
    ])
  })
})

test('notes are of what does not take effect at once', () => {
  const late = answered({ takesEffect: 'once_seen', setting: 'tokenTtlMaxSeconds' })
  expect(lateEffectSentences([answered(), late], NOW)).toEqual([
    'token TTL maximum takes effect once it was seen: because.',
  ])
})
