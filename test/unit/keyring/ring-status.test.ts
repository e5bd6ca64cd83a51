import { describe, expect, test } from 'vitest'
import type { KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { ringStatus } from '../../../src/keyring/ring-status.ts'
import { aKey, anAdoptedKey, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  HOUR,
  POLICY,
} from '../../support/rotation-fixtures.ts'

const END = NOW + POLICY.rotationPeriodSeconds
/** A max-age and the staleness after its publication, and the hour that rotations have. */
const SHOWN = NOW + 360 + HOUR
const LEAVING = anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 100 } })

describe('the status of a ring', () => {
  test.each<[string, readonly KeyRecord[], Partial<KeyRing>, number, string]>([
    ['is ok right after a key began to sign', [ACTIVE], {}, NOW + HOUR, 'ok'],
    ['wants a successor then', [ACTIVE], {}, NOW + HOUR + 1, 'no_successor'],
    [
      'counts that from the publication where it came later',
      [aKey({ activatesAt: NOW - 60, publishedAt: NOW })],
      {},
      NOW + HOUR,
      'ok',
    ],
    ['is ok while a successor is fresh', [ACTIVE, aSuccessor()], {}, SHOWN, 'ok'],
    ['wants it to be seen then', [ACTIVE, aSuccessor()], {}, SHOWN + 1, 'successor_not_seen'],
    [
      'is ok once it was seen, for as long again',
      [ACTIVE, aSuccessor({ firstSeenAt: NOW + 1 })],
      {},
      SHOWN + 1,
      'ok',
    ],
    [
      'wants it to be proved then',
      [ACTIVE, aSuccessor({ firstSeenAt: NOW + 1 })],
      {},
      SHOWN + 2,
      'successor_not_proved',
    ],
    ['is ok with its moment set', [ACTIVE, aSuccessor({ activatesAt: END })], {}, END - 1, 'ok'],
    ['is overdue from the end of the period on', [ACTIVE, aSuccessor()], {}, END, 'overdue'],
    ['is overdue also without successor', [ACTIVE], {}, END, 'overdue'],
    ['is ok after a hand-over', [ACTIVE, aSuccessor({ activatesAt: END })], {}, END, 'ok'],
    [
      'wants another successor then',
      [ACTIVE, aSuccessor({ activatesAt: END })],
      {},
      END + HOUR + 1,
      'no_successor',
    ],
    [
      'wants one instead of one that was revoked',
      [ACTIVE, aSuccessor({ revokedAt: NOW })],
      {},
      NOW + HOUR + 1,
      'no_successor',
    ],
    ['is without active key when it is empty', [], {}, NOW, 'no_active_key'],
    [
      'is without active key once that is revoked',
      [{ ...ACTIVE, revokedAt: NOW }],
      {},
      NOW + 1,
      'no_active_key',
    ],
    [
      'waits for its first key beside a cluster',
      [],
      { adopted: [LEAVING] },
      NOW + 99,
      'first_key_pending',
    ],
    [
      'waits for it also when it is published',
      [aSuccessor()],
      { adopted: [LEAVING] },
      NOW + 99,
      'first_key_pending',
    ],
    [
      'waits for it also when its moment is set',
      [ACTIVE],
      { adopted: [LEAVING] },
      NOW - 1,
      'first_key_pending',
    ],
    [
      'but not once those have left',
      [aSuccessor()],
      { adopted: [LEAVING] },
      NOW + 100,
      'no_active_key',
    ],
    [
      'nor after another has signed',
      [{ ...ACTIVE, revokedAt: NOW + 5 }],
      { adopted: [LEAVING] },
      NOW + 5,
      'no_active_key',
    ],
  ])('%s', (_title, ...[keys, ring, now, status]) => {
    expect(ringStatus(aRotating(keys, {}, ring), BOUNDS, now)).toBe(status)
  })

  test('waits longer for a successor while an older policy is in force', () => {
    const issuer = aRotating([ACTIVE, aSuccessor()], { settling: aSettling() })
    expect(ringStatus(issuer, BOUNDS, SHOWN + 600)).toBe('ok')
    expect(ringStatus(issuer, BOUNDS, SHOWN + 601)).toBe('successor_not_seen')
  })

  test.each([
    ['ok with a key of a cluster', NOW + 99, 'ok'],
    ['without published key when the last has left', NOW + 100, 'no_published_key'],
  ])('of an issuer that only publishes is %s', (_title, now, status) => {
    const policy = { ...POLICY, custody: 'none' as const }
    const issuer = aRotating([], { policy }, { adopted: [LEAVING] })
    expect(ringStatus(issuer, BOUNDS, now)).toBe(status)
  })
})
