import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  sweepSentences,
  sweepTable,
  throwIfSweepFailed,
} from '../../../../src/cli/commands/sweep-text.ts'
import { type SweepAnswer, sweepAnswer } from '../../../../src/cli/host/rotation-answers.ts'
import type { SweepEntry, SweepOutcome } from '../../../../src/keyring/sweep-report.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

function anEntry(outcome: SweepOutcome, members: Partial<SweepEntry> = {}): SweepEntry {
  const place = { slot: 'slot-a', alg: 'RS256', custody: 'kms', forgottenAt: NOW - DAY } as const
  return { ...place, ...outcome, ...members } as SweepEntry
}

/** As it arrives. */
function answered(entries: readonly SweepEntry[], dryRun = false, id = 'prod'): SweepAnswer {
  return sweepAnswer.parse(JSON.parse(JSON.stringify({ id, dryRun, entries })))
}

const scheduled = { outcome: 'deletion_scheduled', deletedAt: NOW + 30 * DAY } as const

const OUTCOMES: readonly (readonly [SweepOutcome, done: string, planned: string])[] = [
  [
    { outcome: 'waits', until: NOW + 3600 },
    'nothing before 2027-01-15 09:00:00 (in 1 h)',
    'nothing before 2027-01-15 09:00:00 (in 1 h)',
  ],
  [
    { ...scheduled, isNew: true },
    'ordered to be deleted 2027-02-14 08:00:00 (in 30 d)',
    'would be deleted 2027-02-14 08:00:00 (in 30 d)',
  ],
  [
    { ...scheduled, isNew: false },
    'is to be deleted 2027-02-14 08:00:00 (in 30 d)',
    'is to be deleted 2027-02-14 08:00:00 (in 30 d)',
  ],
  [
    { outcome: 'gone' },
    'forgotten for good: there is no key any more',
    'would be forgotten for good: there is no key any more',
  ],
  [{ outcome: 'kept', isNew: true }, 'kept: its deletion is taken back', 'would be kept'],
  [
    { outcome: 'kept', isNew: false },
    'kept, since its deletion was taken back',
    'kept, since its deletion was taken back',
  ],
  [
    { outcome: 'failed', code: 'key_service_busy' },
    'failed (key_service_busy)',
    'failed (key_service_busy)',
  ],
]

describe('what becomes of a key', () => {
  test.each(OUTCOMES)('%j', (outcome, done, planned) => {
    for (const [dryRun, text] of [
      [false, done],
      [true, planned],
    ] as const) {
      const [header = '', row = ''] =
        sweepTable([answered([anEntry(outcome)], dryRun)], NOW)?.split('\n') ?? []
      expect(header.split(/ {2,}/)).toEqual([
        'ISSUER',
        'SLOT',
        'KID',
        'CUSTODY',
        'FORGOTTEN',
        'WHAT BECOMES OF IT',
      ])
      expect(row.split(/ {2,}/)).toEqual([
        'prod',
        'slot-a',
        '(never in the ring)',
        'kms',
        '2027-01-14 08:00:00 (1 d ago)',
        text,
      ])
    }
  })
})

const ALL = { target: '', isComplete: true }

test('nothing is left over where no ring has forgotten anything', () => {
  const none = [answered([]), answered([], false, 'other')]
  expect(sweepTable(none, NOW)).toBeUndefined()
  expect(sweepSentences(none, ALL)).toEqual([
    'Nothing is left over: no key is kept that its ring has forgotten.',
  ])
  expect(sweepSentences([], ALL)).toEqual([])
})

test('whether anything is left over of an issuer that failed nobody says', () => {
  expect(sweepSentences([answered([])], { ...ALL, isComplete: false })).toEqual([])
})

test('a key that is to be deleted can be taken back with a command that is pasted', () => {
  const waiting = anEntry({ outcome: 'waits', until: NOW + 1 }, { slot: 'other' })
  const ordered = anEntry({ ...scheduled, isNew: true }, { kid: 'kid-a' })
  expect(
    sweepSentences([answered([waiting]), answered([ordered], false, 'eu')], {
      target: ' --state s',
      isComplete: false,
    }),
  ).toEqual([
    'Until it is deleted, a key can be taken back: npx signet keys sweep eu --take-back slot-a --state s',
  ])
  expect(sweepSentences([answered([waiting])], ALL)).toEqual([])
})

test('a sweep that failed for a key ends with how many', () => {
  const failed = anEntry({ outcome: 'failed', code: 'key_service_busy' })
  const good = anEntry({ outcome: 'gone' })
  expect(() => throwIfSweepFailed([answered([good])])).not.toThrow()
  expect(() => throwIfSweepFailed([answered([good, failed])])).toThrow(
    '1 key could not be swept: the next sweep tries again',
  )
  expect(() => throwIfSweepFailed([answered([failed]), answered([failed, good])])).toThrow('2 keys')
})
