import { describe, expect, test } from 'vitest'
import type { IssuerDocument, KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import {
  type IssuerPolicy,
  policyProblems,
  type PublicationBounds,
} from '../../../src/issuers/policy.ts'
import { withAction, withNewKey } from '../../../src/keyring/changed-ring.ts'
import { ringStatus } from '../../../src/keyring/ring-status.ts'
import type { ReportedAction } from '../../../src/keyring/rotation-report.ts'
import { simulateRing } from '../../../src/keyring/simulate-ring.ts'
import { aKey, anAdoptedKey, anIssuer, aRing, EC_JWK, keyRef, NOW } from '../../support/fixtures.ts'
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

const END = NOW + POLICY.rotationPeriodSeconds
/** A max-age and the staleness after its publication, and the hour that rotations have. */
const SHOWN = NOW + 360 + HOUR
/** The policy's propagation delay. */
const DELAY = 2 * HOUR
const UNSEEN = aSuccessor()
const PROVED_LATE = aSuccessor({ firstSeenAt: NOW + 1, activatesAt: END + DAY })
/** Seen an hour before the end, so that it is not ready by then. */
const LATE = aSuccessor({ firstSeenAt: END - HOUR, activatesAt: END + DAY })
const LATE_READY = END - HOUR + DELAY
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
    ['is not overdue at the end of the period', [ACTIVE, PROVED_LATE], {}, END + HOUR, 'ok'],
    ['is overdue an hour after it', [ACTIVE, PROVED_LATE], {}, END + HOUR + 1, 'overdue'],
    ['is overdue without successor', [ACTIVE], {}, END + HOUR + 1, 'overdue'],
    ['is without successor until then', [ACTIVE], {}, END + HOUR, 'no_successor'],
    ['is overdue with one that nobody has seen', [ACTIVE, UNSEEN], {}, END + HOUR + 1, 'overdue'],
    ['waits for it to be seen until then', [ACTIVE, UNSEEN], {}, END + HOUR, 'successor_not_seen'],
    ['is ok while a late successor may wait', [ACTIVE, LATE], {}, LATE_READY + HOUR, 'ok'],
    ['is overdue when that is over', [ACTIVE, LATE], {}, LATE_READY + HOUR + 1, 'overdue'],
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

  test('gives one that nobody has seen a sighting longer to get ready', () => {
    const publishedAt = END - HOUR
    const issuer = aRotating([ACTIVE, aSuccessor({ publishedAt, activatesAt: END + DAY })])
    const ready = publishedAt + 360 + DELAY
    expect(ringStatus(issuer, BOUNDS, ready + HOUR)).toBe('ok')
    expect(ringStatus(issuer, BOUNDS, ready + HOUR + 1)).toBe('overdue')
  })

  test('gives it the least delay of an older policy that is in force', () => {
    const settling = aSettling({ jwksMaxAgeSeconds: DAY })
    const issuer = aRotating([ACTIVE, { ...LATE, activatesAt: END + 9 * DAY }], { settling })
    // Twice the max-age and stale-if-error, the staleness, the last good document and twice the skew.
    const ready = END - HOUR + 2 * DAY + EXPIRED_COPIES + 60 + 120 + 120
    expect(ringStatus(issuer, BOUNDS, ready + HOUR)).toBe('ok')
    expect(ringStatus(issuer, BOUNDS, ready + HOUR + 1)).toBe('overdue')
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

/** The document after what a run did. */
function after(document: IssuerDocument, action: ReportedAction, now: number): IssuerDocument {
  const next = { ...document, revision: document.revision + 1 }
  if (action.type === 'confirm') {
    const fetched = { kid: action.kid, alg: 'ES256', publicJwk: EC_JWK }
    return withAction(next, { ...action, fetched }, now)
  }
  if (action.type !== 'create') return withAction(next, action, now)
  const { kid = '', alg, custody } = action
  const created = { kid, keyRef: keyRef(kid), publicJwk: EC_JWK }
  return withNewKey(next, { slot: kid, alg, custody }, created, now)
}

/** Each status of a ring from its beginning, whose jobs run every quarter of an hour. */
function statusesIn(policy: IssuerPolicy, bounds: PublicationBounds, seconds: number): Set<string> {
  let document = anIssuer({ policy, ring: aRing({ keys: [] }) })
  const until = NOW + seconds
  const { moments } = simulateRing(document, { bounds, from: NOW, until, everySeconds: 900 })
  const statuses = new Set<string>()
  for (const moment of moments) {
    // Nothing gets better by itself but at a moment: right before the next one a status is at its worst.
    if (document.ring.keys.length > 0) statuses.add(ringStatus(document, bounds, moment.at - 1))
    if (moment.what === 'run') document = after(document, moment.action, moment.at)
  }
  return statuses
}

describe('a ring whose jobs run', () => {
  const HOST = { documentStalenessSeconds: 330, lastGoodSeconds: 3600 }

  test.each<[title: string, period: number, delay: number, maxAge: number]>([
    ['a period of a week', 7 * DAY, DAY, 600],
    ['a period hardly longer than the delay', DAY + 1, DAY, 600],
    ['the shortest that there is', 6451, 6450, 600],
    ['one of no whole number of runs', 7000, 6450, 600],
    ['the longest max-age', 2 * DAY + 5251, 2 * DAY + 5250, DAY],
  ])('is ok all the time with %s', (_title, ...[period, delay, maxAge]) => {
    const policy: IssuerPolicy = {
      ...POLICY,
      algorithm: 'ES256',
      rotationPeriodSeconds: period,
      propagationDelaySeconds: delay,
      jwksMaxAgeSeconds: maxAge,
    }
    expect(policyProblems(policy, HOST)).toEqual([])
    expect([...statusesIn(policy, HOST, 20 * period)]).toEqual(['ok'])
  })
})
