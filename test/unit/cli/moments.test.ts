import { describe, expect, test, vi } from 'vitest'
import {
  formatDuration,
  formatMoment,
  parseDuration,
  parseSpan,
  timeZone,
} from '../../../src/cli/moments.ts'

describe('parseDuration', () => {
  test.each([
    ['30', 30],
    ['30s', 30],
    ['15m', 900],
    ['24h', 86_400],
    ['90d', 7_776_000],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test.each([[''], ['1.5h'], ['-1h'], ['1w'], ['h'], ['1 h'], ['1h30m'], ['10000000000']])(
    'refuses %j',
    (text) => {
      expect(() => parseDuration(text)).toThrow('a duration must be a whole number')
    },
  )
})

describe('parseSpan', () => {
  test.each([
    ['90d', 7_776_000],
    ['2w', 1_209_600],
    ['1y', 31_536_000],
    ['3600', 3600],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseSpan(text)).toBe(seconds)
  })

  test.each([[''], ['1Y'], ['1 y'], ['1y6w'], ['1mo'], ['y'], ['1x']])('refuses %j', (text) => {
    expect(() => parseSpan(text)).toThrow(
      `a duration must be a whole number with s, m, h, d, w or y (such as 1y, 6w, 90d), got ${JSON.stringify(text)}`,
    )
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0 s'],
    [59, '59 s'],
    [3595, '59 min 55 s'],
    [3600, '1 h'],
    [90_061, '1 d 1 h'],
    [-60, '1 min'],
  ])('%i is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

test('a moment is local time with its distance', () => {
  const local = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/
  expect(formatMoment(1_800_000_000, 1_800_000_000)).toMatch(local)
  expect(formatMoment(1_800_000_060, 1_800_000_000)).toMatch(/ \(in 1 min\)$/)
  expect(formatMoment(1_800_000_000, 1_800_000_060)).toMatch(/ \(1 min ago\)$/)
  expect(formatMoment(1_800_000_000, 1_800_000_000)).toMatch(/ \(now\)$/)
})

test.each(['UTC', 'Europe/Berlin'])('the time zone is %s where that is set', (zone) => {
  vi.stubEnv('TZ', zone)
  expect(timeZone()).toBe(zone)
  vi.unstubAllEnvs()
})

test('a moment that no calendar has is said to be one', () => {
  expect(formatMoment(9e15, 0)).toMatch(/^beyond every calendar \(in /)
})
