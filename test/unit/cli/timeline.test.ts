import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Stretch, timeline } from '../../../src/cli/timeline.ts'

/** 2027-01-15T08:00:00Z. */
const START = 1_800_000_000
const DAY = 86_400

beforeEach(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** A column a day: the label takes three. */
function bar(stretches: readonly Stretch[], days = 10, now = START - 1): string {
  const axis = { from: START, until: START + days * DAY, now }
  const [line = ''] = timeline([{ label: 'k', stretches }], axis, { width: days + 3, ascii: true })
  return line.slice(3)
}

function stretch(from: number, until: number, phase: Stretch['phase']): Stretch {
  return { from: START + from * DAY, until: START + until * DAY, phase }
}

describe('a bar', () => {
  test.each<[string, Stretch[], string]>([
    ['of nothing', [], ''],
    ['of the whole axis', [stretch(0, 10, 'signs')], '##########'],
    ['of what goes on', [stretch(3, Infinity, 'signs')], '   #######'],
    ['of what began before', [stretch(-5, 2, 'retiring')], '=='],
    [
      'of a whole life',
      [stretch(1, 4, 'published'), stretch(4, 7, 'signs'), stretch(7, 9, 'retiring')],
      ' ...###==',
    ],
    [
      'has in a column what takes most of it',
      [stretch(0, 3.4, 'published'), stretch(3.4, 10, 'signs')],
      '...#######',
    ],
    [
      'shows what is shorter than a column where it begins',
      [stretch(0, 4.1, 'signs'), stretch(4.1, 4.3, 'retiring')],
      '####=',
    ],
    [
      'shows what is shorter than a column also between longer ones',
      [stretch(0, 4.1, 'published'), stretch(4.1, 4.3, 'signs'), stretch(4.3, 9, 'retiring')],
      '....#====',
    ],
    ['of what was before the axis', [stretch(-5, -1, 'signs')], ''],
    ['of what comes after it', [stretch(11, 12, 'signs')], ''],
  ])('%s', (_title, stretches, expected) => {
    expect(bar(stretches)).toBe(expected)
  })
})

describe('the whole', () => {
  const rows = [
    { label: 'old', stretches: [stretch(0, 20, 'signs'), stretch(20, 22, 'retiring')] },
    { label: 'newest', stretches: [stretch(10, 20, 'published'), stretch(20, 40, 'signs')] },
  ]

  test('has the present, the bars, the dates of the ends, a legend and the time zone', () => {
    const axis = { from: START, until: START + 40 * DAY, now: START + 10 * DAY }
    expect(timeline(rows, axis, { width: 48, ascii: false })).toEqual([
      '                  ▼ now',
      'old     ████████████████████▒▒',
      'newest            ░░░░░░░░░░████████████████████',
      '        2027-01-15                    2027-02-24',
      '        ░ published   █ signs   ▒ signs no more',
      '        times in UTC',
    ])
  })

  test('marks the present in rows that are empty there', () => {
    const axis = { from: START, until: START + 40 * DAY, now: START + 30 * DAY }
    expect(timeline(rows, axis, { width: 48, ascii: true })[1]).toBe(
      'old     ####################==        |',
    )
  })

  test.each([
    ['at its beginning', 0, '        v now'],
    ['near its end', 39, `${' '.repeat(8 + 35)}now v`],
  ])('has the present %s', (_title, day, line) => {
    const axis = { from: START, until: START + 40 * DAY, now: START + day * DAY }
    expect(timeline(rows, axis, { width: 48, ascii: true })[0]).toBe(line)
  })

  test.each([-1, 41])('has no present on day %i, which is not on it', (day) => {
    const axis = { from: START, until: START + 40 * DAY, now: START + day * DAY }
    const lines = timeline(rows, axis, { width: 48, ascii: true })
    expect(lines).toHaveLength(5)
    expect(lines.join('')).not.toMatch(/now v|v now|\|/)
  })

  test('names the times of ends that are less than two days apart', () => {
    const axis = { from: START, until: START + DAY, now: START }
    expect(timeline(rows, axis, { width: 60, ascii: true })[3]).toBe(
      '        2027-01-15 08:00                    2027-01-16 08:00',
    )
  })

  test.each<[days: number, dates: readonly string[]]>([
    [1, ['2027-01-15 08:00', '  2027-01-16 08:00']],
    [40, ['2027-01-15', '        2027-02-24']],
  ])('of %i days has room in a narrow terminal', (days, dates) => {
    const axis = { from: START, until: START + days * DAY, now: START }
    const lines = timeline([{ label: '0123456789', stretches: [] }], axis, {
      width: 30,
      ascii: true,
    })
    const indent = ' '.repeat(12)
    expect(lines.slice(2)).toEqual(
      [...dates, '. published', '# signs', '= signs no more', 'times in UTC'].map(
        (line) => `${indent}${line}`,
      ),
    )
    expect(lines.filter((line) => line.length > 30)).toEqual([])
  })

  test('of no time at all, or in no room, is still text', () => {
    for (const width of [0, 8, 20]) {
      const axis = { from: START, until: START, now: START }
      expect(timeline(rows, axis, { width, ascii: true })).toHaveLength(9)
    }
  })

  test('has colours where the terminal does, and never in what is counted', () => {
    vi.stubEnv('NO_COLOR', undefined)
    vi.stubEnv('FORCE_COLOR', '1')
    const axis = { from: START, until: START + 40 * DAY, now: START }
    const [, line = ''] = timeline(rows, axis, { width: 48, ascii: true })
    expect(line).toContain('\u001B[32m#')
    // eslint-disable-next-line no-control-regex -- what colours are made of
    expect(line.replaceAll(/\u001B\[\d+m/g, '')).toBe('old     ####################==')
  })
})
