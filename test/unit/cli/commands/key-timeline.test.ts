import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type KeyLife,
  lifeOf,
  ringTimeline,
  shortKid,
} from '../../../../src/cli/commands/key-timeline.ts'
import type { KeyAnswer } from '../../../../src/cli/host/answers.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

describe('a life', () => {
  test.each<[string, KeyLife, [from: number, until: number, phase: string][]]>([
    ['of a key that waits', { publishedAt: 1 }, [[1, Infinity, 'published']]],
    [
      'of a key whose time is set',
      { publishedAt: 1, activatesAt: 5 },
      [
        [1, 5, 'published'],
        [5, Infinity, 'signs'],
      ],
    ],
    [
      'of a first key, which signed before it was published',
      { publishedAt: 1, activatesAt: -60 },
      [[1, Infinity, 'signs']],
    ],
    [
      'to its end',
      { publishedAt: 1, activatesAt: 5, supersededAt: 8, retiresAt: 9 },
      [
        [1, 5, 'published'],
        [5, 8, 'signs'],
        [8, 9, 'retiring'],
      ],
    ],
    [
      'that a revocation ends while it signs',
      { publishedAt: 1, activatesAt: 5, supersededAt: 8, retiresAt: 9, revokedAt: 6 },
      [
        [1, 5, 'published'],
        [5, 6, 'signs'],
      ],
    ],
    [
      'that a revocation ends before it signs',
      { publishedAt: 1, activatesAt: 5, revokedAt: 3 },
      [[1, 3, 'published']],
    ],
    [
      'of which a host says less',
      { publishedAt: 1, activatesAt: 5, supersededAt: 8 },
      [
        [1, 5, 'published'],
        [5, 8, 'signs'],
        [8, Infinity, 'retiring'],
      ],
    ],
  ])('%s', (_title, key, stretches) => {
    expect(lifeOf(key).map(({ from, until, phase }) => [from, until, phase])).toEqual(stretches)
  })
})

describe('the timeline of a ring', () => {
  const own: KeyAnswer = {
    origin: 'own',
    kid: 'own',
    alg: 'RS256',
    custody: 'sealed',
    status: 'active',
    publishedAt: NOW - 10 * DAY,
    activatesAt: NOW - 10 * DAY,
  }
  const canvas = { width: 60, ascii: true }

  test('goes from the first to the last moment that is known, and a little further', () => {
    const lines = ringTimeline([own], { now: NOW, dueAt: NOW + 10 * DAY }, canvas)
    expect(lines.at(-3)?.trim().split(/ +/)).toEqual(['2027-01-05', '2027-01-26'])
  })

  test('has adopted keys, which never sign, until they are withdrawn', () => {
    const adopted: KeyAnswer = {
      origin: 'adopted',
      kid: 'cluster',
      alg: 'RS256',
      fingerprint: 'f',
      status: 'withdrawn',
      publishedAt: NOW - 10 * DAY,
      withdrawal: { at: NOW, publishedUntil: NOW + 10 * DAY },
    }
    const { withdrawal: _, ...staying } = { ...adopted, status: 'adopted' }
    const axis = { now: NOW, dueAt: undefined }
    const [, gone = '', stays = ''] = ringTimeline([adopted, staying], axis, canvas)
    expect(gone).toMatch(/^cluster {2}\.{48,49}$/)
    expect(stays).toMatch(/^cluster {2}\.{51}$/)
  })

  test('of a key that was made this moment is still drawn', () => {
    const fresh = { ...own, publishedAt: NOW, activatesAt: NOW }
    expect(ringTimeline([fresh], { now: NOW, dueAt: undefined }, canvas)).toHaveLength(5)
  })
})

test.each([
  ['short', 'short'],
  ['0123456789', '0123456789'],
  ['01234567890', '01234567..'],
  ['\u001B[2J', '\\u{1b}[2J'],
])('the kid %j is labelled %j', (kid, label) => {
  expect(shortKid(kid)).toBe(label)
})
