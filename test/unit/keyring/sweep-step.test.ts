import { describe, expect, test } from 'vitest'
import type { Leftover } from '../../../src/issuers/key-record.ts'
import {
  deletedAtOf,
  isKeyWanted,
  mayBeDeleted,
  sweepStep,
} from '../../../src/keyring/sweep-step.ts'
import { NOW } from '../../support/fixtures.ts'
import { aLeftover, DAY } from '../../support/rotation-fixtures.ts'

const UNMADE: Leftover = { slot: 'slot-u', alg: 'RS256', custody: 'kms', forgottenAt: NOW }
const SCHEDULED = aLeftover({ deletion: { scheduledAt: NOW, windowDays: 7 } })

test('a key is deleted when its window is over', () => {
  expect(deletedAtOf({ scheduledAt: NOW, windowDays: 30 })).toBe(NOW + 30 * DAY)
})

describe('the turn of a leftover', () => {
  const scheduled = { outcome: 'deletion_scheduled', deletedAt: NOW + 7 * DAY, isNew: false }

  test.each<[string, Leftover, number, object]>([
    ['waits when it was just forgotten', aLeftover(), NOW, { outcome: 'waits', until: NOW + DAY }],
    ['waits for a day', aLeftover(), NOW + DAY - 1, { outcome: 'waits', until: NOW + DAY }],
    ['has come then', aLeftover(), NOW + DAY, { outcome: 'due' }],
    ['is over once it was told', SCHEDULED, NOW, scheduled],
    ['is over to the last second of its window', SCHEDULED, NOW + 7 * DAY - 1, scheduled],
    ['is forgotten with the window', SCHEDULED, NOW + 7 * DAY, { outcome: 'gone' }],
    [
      'never comes where its deletion was taken back',
      aLeftover({ keptAt: NOW }),
      NOW + 99 * DAY,
      { outcome: 'kept', isNew: false },
    ],
    [
      'nor where both are written',
      { ...SCHEDULED, keptAt: NOW },
      NOW + 99 * DAY,
      { outcome: 'kept', isNew: false },
    ],
  ])('%s', (_title, leftover, now, step) => {
    expect(sweepStep(leftover, now)).toEqual(step)
  })

  test.each<[string, Leftover, number, boolean]>([
    ['whose key is known', aLeftover(), NOW + DAY, false],
    ['whose key is not known', UNMADE, NOW + DAY, true],
    ['whose turn has not come', UNMADE, NOW + DAY - 1, false],
    ['that was taken back', { ...UNMADE, keptAt: NOW }, NOW + DAY, false],
  ])('means looking for its key or not, of one %s', (_title, leftover, now, isWanted) => {
    expect(isKeyWanted(leftover, now)).toBe(isWanted)
  })
})

test.each([
  [0, false],
  [DAY, false],
  [31 * DAY - 1, false],
  [31 * DAY, true],
])('a sweep may have had it deleted %d s after it was forgotten: %s', (seconds, expected) => {
  expect(mayBeDeleted(aLeftover(), NOW + seconds)).toBe(expected)
})
