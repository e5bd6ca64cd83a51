import { describe, expect, test } from 'vitest'
import type { PublicKeyRecord } from '../../../src/issuers/key-record.ts'
import {
  activeKey,
  type KeyStatus,
  keyStatus,
  publishedKeys,
  scheduledKeys,
  successorKey,
} from '../../../src/keyring/key-status.ts'

type Moments = Partial<Pick<PublicKeyRecord, 'publishedAt' | 'activatesAt' | 'revokedAt'>>

const RETENTION = 10

function ringOf(...moments: readonly Moments[]): PublicKeyRecord[] {
  return moments.map((members, index) => ({
    kid: 'abc'.charAt(index),
    alg: 'RS256',
    publicJwk: { kty: 'RSA', n: 'modulus', e: 'AQAB' },
    publishedAt: 0,
    ...members,
  }))
}

function statusesAt(keys: readonly PublicKeyRecord[], now: number): KeyStatus[] {
  return keys.map((key) => keyStatus(keys, key, RETENTION, now))
}

describe('the status of each key', () => {
  const undecided = ringOf({})
  const alone = ringOf({ activatesAt: 100 })
  const pair = ringOf({ activatesAt: 100 }, { activatesAt: 200 })
  const successorRevoked = ringOf({ activatesAt: 100 }, { activatesAt: 200, revokedAt: 205 })
  const successorStillborn = ringOf({ activatesAt: 100 }, { activatesAt: 200, revokedAt: 150 })
  const revokedAsItActivates = ringOf({ activatesAt: 100 }, { activatesAt: 200, revokedAt: 200 })
  const revokedWhileRetiring = ringOf({ activatesAt: 100, revokedAt: 205 }, { activatesAt: 200 })
  const tied = ringOf({ activatesAt: 100 }, { activatesAt: 200 }, { activatesAt: 200 })
  const unordered = ringOf({ activatesAt: 200 }, { activatesAt: 100 })

  test.each<[string, readonly PublicKeyRecord[], number, KeyStatus[]]>([
    ['a key without activation waits', undecided, 1e9, ['pending']],
    ['a key waits until its activation', alone, 99, ['pending']],
    ['a key signs from the second of its activation', alone, 100, ['active']],
    ['a key without successor signs on', alone, 1e12, ['active']],
    ['a key signs until the second before its successor', pair, 199, ['active', 'pending']],
    ['a key is superseded in the second of hand-over', pair, 200, ['retiring', 'active']],
    ['a superseded key is kept for the retention', pair, 209, ['retiring', 'active']],
    ['a superseded key retires after the retention', pair, 210, ['retired', 'active']],
    ['a future revocation changes nothing yet', successorRevoked, 204, ['retiring', 'active']],
    ['a revoked key leaves nobody active', successorRevoked, 205, ['retiring', 'revoked']],
    ['a revocation does not prolong retention', successorRevoked, 210, ['retired', 'revoked']],
    ['a key is pending until it is revoked', successorStillborn, 149, ['active', 'pending']],
    ['a key revoked early leaves its predecessor', successorStillborn, 200, ['active', 'revoked']],
    ['and does so for good', successorStillborn, 300, ['active', 'revoked']],
    ['also when both moments are one', revokedAsItActivates, 200, ['active', 'revoked']],
    ['a retiring key can be revoked', revokedWhileRetiring, 205, ['revoked', 'active']],
    [
      'a retired key can be revoked',
      ringOf({ activatesAt: 1, revokedAt: 99 }, { activatesAt: 2 }),
      99,
      ['revoked', 'active'],
    ],
    [
      'of two at one moment the later in the ring signs',
      tied,
      200,
      ['retiring', 'retiring', 'active'],
    ],
    ['the order of the ring does not matter otherwise', unordered, 150, ['pending', 'active']],
    ['nor at the hand-over', unordered, 200, ['active', 'retiring']],
    ['an empty ring has none', [], 100, []],
  ])('%s', (_title, keys, now, expected) => {
    expect(statusesAt(keys, now)).toEqual(expected)
  })
})

test('the status of a copy of a key is that of the key', () => {
  const keys = ringOf({ activatesAt: 100 }, { activatesAt: 200 })
  expect(statusesAt(keys, 200)).toEqual(['retiring', 'active'])
  const copies = structuredClone(keys)
  expect(copies.map((key) => keyStatus(keys, key, RETENTION, 200))).toEqual(['retiring', 'active'])
})

describe('the key that signs', () => {
  const keys = ringOf({ activatesAt: 100 }, { activatesAt: 200, revokedAt: 300 })

  test.each([
    ['none before the first activation', 99, undefined],
    ['the first from its activation', 100, 'a'],
    ['the second from its activation', 200, 'b'],
    ['none once the second is revoked', 300, undefined],
  ])('is %s', (_title, now, kid) => {
    expect(activeKey(keys, now)?.kid).toBe(kid)
  })
})

describe('the order in which keys sign', () => {
  test('has each key with the moment at which the next takes over', () => {
    const keys = ringOf({ activatesAt: 200 }, {}, { activatesAt: 100 })
    expect(scheduledKeys(keys).map(({ key, ...moments }) => [key.kid, moments])).toEqual([
      ['c', { activatesAt: 100, supersededAt: 200 }],
      ['a', { activatesAt: 200, supersededAt: undefined }],
    ])
  })

  test('passes over a key that was revoked before its turn', () => {
    const keys = ringOf(
      { activatesAt: 100 },
      { activatesAt: 200, revokedAt: 150 },
      { activatesAt: 300 },
    )
    expect(scheduledKeys(keys).map(({ supersededAt }) => supersededAt)).toEqual([300, undefined])
  })
})

describe('the keys that are published', () => {
  const keys = ringOf(
    { publishedAt: 50, activatesAt: 100 },
    { publishedAt: 150, activatesAt: 200, revokedAt: 205 },
    { publishedAt: 160 },
  )

  test.each([
    ['all that are in the ring, also where the clock is behind', 49, 'abc'],
    ['a successor beside the one that signs', 199, 'abc'],
    ['a retiring one', 204, 'abc'],
    ['no revoked one', 205, 'ac'],
    ['one without activation to the end, and no retired one', 210, 'c'],
  ])('are %s', (_title, now, kids) => {
    expect(
      publishedKeys(keys, RETENTION, now)
        .map(({ kid }) => kid)
        .join(''),
    ).toBe(kids)
  })
})

describe('the successor', () => {
  const pair = ringOf({ activatesAt: 100 }, { activatesAt: 200 })
  const signing = { activatesAt: 100 }

  test.each<[string, readonly PublicKeyRecord[], number, string | undefined]>([
    ['the first key before it activates', pair, 99, 'a'],
    ['the next key from then on', pair, 100, 'b'],
    ['the next key until the second before it activates', pair, 199, 'b'],
    ['none once the last one signs', pair, 200, undefined],
    ['none behind a key that signs alone', ringOf(signing), 100, undefined],
    ['none in an empty ring', [], 100, undefined],
    ['the key without activation', ringOf(signing, {}), 100, 'b'],
    ['the first without activation', ringOf(signing, {}, {}), 100, 'b'],
    ['the scheduled key before one without activation', ringOf({}, { activatesAt: 300 }), 0, 'b'],
    [
      'the earliest, wherever it is in the ring',
      ringOf({ activatesAt: 300 }, { activatesAt: 200 }),
      100,
      'b',
    ],
    [
      'no key that was revoked',
      ringOf(signing, { activatesAt: 200, revokedAt: 150 }, { activatesAt: 300 }),
      150,
      'c',
    ],
    ['no key that will be revoked', ringOf({ activatesAt: 200, revokedAt: 900 }, {}), 100, 'b'],
    ['no revoked key without activation', ringOf({ revokedAt: 50 }, {}), 100, 'b'],
    ['no superseded key', ringOf(signing, { activatesAt: 200 }), 500, undefined],
    ['a key whose publication is said to be later', ringOf({ publishedAt: 500 }), 100, 'a'],
  ])('is %s', (_title, keys, now, kid) => {
    expect(successorKey(keys, now)?.kid).toBe(kid)
  })
})

test('of keys that take over in one second the successor is the one that will sign', () => {
  const ring = ringOf({ activatesAt: 100 }, { activatesAt: 200 }, { activatesAt: 200 })
  expect(successorKey(ring, 150)?.kid).toBe('c')
  expect(activeKey(ring, 200)?.kid).toBe('c')
})
