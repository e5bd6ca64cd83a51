import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { leftoverSentences, ringHeader } from '../../../../src/cli/commands/ring-text.ts'
import type { KeysAnswer } from '../../../../src/cli/host/answers.ts'
import type { RingStatus } from '../../../../src/keyring/ring-status.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

const ring: KeysAnswer = {
  id: 'prod',
  revision: 3,
  keys: [
    {
      origin: 'own',
      kid: 'a',
      alg: 'RS256',
      custody: 'kms',
      status: 'active',
      publishedAt: NOW - 8 * DAY,
      activatesAt: NOW - 8 * DAY,
    },
  ],
}
const policy = {
  algorithm: 'RS256',
  custody: 'kms',
  rotationPeriodSeconds: 7 * DAY,
  propagationDelaySeconds: DAY,
  tokenTtlMaxSeconds: DAY,
  jwksMaxAgeSeconds: 600,
}

const STATUSES: Readonly<Record<RingStatus, string>> = {
  ok: 'ok',
  overdue:
    'overdue: the active key signs on, its period ended 2027-01-14 08:00:00 (1 d ago): "signet keys rotate prod --dry-run" says why',
  successor_not_seen:
    'successor not seen: the public documents do not show it, so it does not sign yet',
  successor_not_proved:
    'successor not proved: the public documents have shown it, and it was not confirmed since, so it does not sign yet',
  no_successor: 'no successor: no key stands by to follow the one that signs',
  first_key_pending:
    'first key pending: it does not sign before the public documents have shown it',
  no_active_key: 'no active key: nothing is signed',
  no_published_key: 'no published key',
}

describe('the header', () => {
  test.each(Object.entries(STATUSES))('of status %s', (status, text) => {
    expect(ringHeader({ ...ring, policy, status, nextMoment: null }, NOW)).toEqual([
      `prod, revision 3: ${text}`,
    ])
  })

  test('of a status that this version does not know, and with what comes next', () => {
    const nextMoment = { at: NOW + DAY, what: 'activation' }
    expect(ringHeader({ ...ring, policy, status: 'asleep', nextMoment }, NOW)).toEqual([
      'prod, revision 3: asleep',
      'next: activation 2027-01-16 08:00:00 (in 1 d)',
    ])
  })

  test('of a host that does not rotate says neither', () => {
    expect(ringHeader(ring, NOW)).toEqual(['prod, revision 3'])
  })

  test('that is overdue without a policy has no moment', () => {
    expect(ringHeader({ ...ring, status: 'overdue' }, NOW)[0]).toContain('signs on: "signet')
  })
})

describe('what a ring remembers', () => {
  const leftover = { slot: 's', alg: 'RS256', custody: 'kms', forgottenAt: NOW }

  test.each<[Partial<KeysAnswer>, string[]]>([
    [{}, []],
    [{ leftovers: [] }, []],
    [
      { reservation: { alg: 'RS256', custody: 'kms', reservedAt: NOW - 60 } },
      ['A key is being made (RS256, kms), since 2027-01-15 07:59:00 (1 min ago).'],
    ],
    [
      { leftovers: [leftover] },
      [
        '1 key is kept elsewhere that the ring has forgotten: npx signet keys sweep prod --dry-run --state s',
      ],
    ],
    [
      { leftovers: [leftover, leftover] },
      [
        '2 keys are kept elsewhere that the ring has forgotten: npx signet keys sweep prod --dry-run --state s',
      ],
    ],
  ])('of %j', (members, sentences) => {
    expect([...leftoverSentences({ ...ring, ...members }, ' --state s', NOW)]).toEqual(sentences)
  })
})
