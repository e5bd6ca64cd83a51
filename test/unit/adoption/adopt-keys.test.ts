import { describe, expect, test } from 'vitest'
import type { AdoptableKey } from '../../../src/adoption/adoptable-key.ts'
import { adoptKeys } from '../../../src/adoption/adopt-keys.ts'
import type { KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { AdoptedKeyRecord } from '../../../src/issuers/key-record.ts'
import { anAdoptableKey, anAdoptedKey, aRing, NOW } from '../../support/fixtures.ts'

const DAY = 86_400
const LATER = NOW + 1000

function offered(name: string): AdoptableKey {
  return anAdoptableKey({ kid: `kid-${name}`, fingerprint: `fingerprint-${name}` })
}

function adopted(name: string, members: Partial<AdoptedKeyRecord> = {}): AdoptedKeyRecord {
  return anAdoptedKey({ ...offered(name), publishedAt: NOW, ...members })
}

function withdrawn(name: string, at: number, publishedUntil: number): AdoptedKeyRecord {
  return adopted(name, { withdrawal: { at, publishedUntil } })
}

function former(name: string): KeyRing['former'][number] {
  return { kid: `kid-${name}`, fingerprint: `fingerprint-${name}`, origin: 'adopted' }
}

const [A, B, C] = [offered('a'), offered('b'), offered('c')]

interface Row {
  readonly before?: Partial<KeyRing>
  readonly set: readonly AdoptableKey[]
  readonly retention?: number
  readonly now?: number
  readonly adopted: readonly AdoptedKeyRecord[]
  readonly former?: KeyRing['former']
}

describe('adopting the present set of a cluster', () => {
  test.each<[string, Row]>([
    ['adds what is new, as of now', { set: [A], now: LATER, adopted: [adoptedAt('a', LATER)] }],
    [
      'keeps what is there, since when it was, and adds behind it',
      {
        before: { adopted: [adopted('b')] },
        set: [A, B],
        now: LATER,
        adopted: [adopted('b'), adoptedAt('a', LATER)],
      },
    ],
    [
      'withdraws what is no longer in it, and publishes it for the retention',
      {
        before: { adopted: [adopted('a'), adopted('b')] },
        set: [B],
        now: LATER,
        adopted: [withdrawn('a', LATER, LATER + DAY), adopted('b')],
      },
    ],
    [
      'withdraws everything with an empty set',
      { before: { adopted: [adopted('a')] }, set: [], adopted: [withdrawn('a', NOW, NOW + DAY)] },
    ],
    [
      'drops what is no longer in it without retention',
      {
        before: { adopted: [adopted('a'), adopted('b')] },
        set: [B],
        retention: 0,
        adopted: [adopted('b')],
        former: [former('a')],
      },
    ],
    [
      'drops what was withdrawn before without retention',
      {
        before: { adopted: [withdrawn('a', NOW - 9, NOW + DAY), adopted('b')] },
        set: [B],
        retention: 0,
        adopted: [adopted('b')],
        former: [former('a')],
      },
    ],
    [
      'publishes a withdrawn key on as if it had stayed, when it comes back',
      {
        before: { adopted: [withdrawn('a', NOW, LATER + 1)] },
        set: [A],
        now: LATER,
        adopted: [adopted('a')],
      },
    ],
    [
      'publishes a retired key anew, when it comes back',
      {
        before: { adopted: [withdrawn('a', NOW, LATER)] },
        set: [A],
        now: LATER,
        adopted: [adoptedAt('a', LATER)],
        former: [former('a')],
      },
    ],
    [
      'publishes another key under the kid of a retired one',
      {
        before: { adopted: [withdrawn('a', NOW, LATER)] },
        set: [{ ...A, fingerprint: 'another' }],
        now: LATER,
        adopted: [{ ...adoptedAt('a', LATER), fingerprint: 'another' }],
        former: [former('a')],
      },
    ],
    [
      'publishes a former key anew',
      {
        before: { former: [former('a')] },
        set: [A],
        now: LATER,
        adopted: [adoptedAt('a', LATER)],
        former: [former('a')],
      },
    ],
    [
      'withdraws earlier with a shorter retention, from when it was first withdrawn',
      {
        before: { adopted: [withdrawn('a', NOW, NOW + DAY), adopted('b')] },
        set: [B],
        retention: 10,
        now: LATER,
        adopted: [withdrawn('a', NOW, LATER + 10), adopted('b')],
      },
    ],
    [
      'withdraws no later with a longer retention',
      {
        before: { adopted: [withdrawn('a', NOW, LATER + 10)] },
        set: [B],
        now: LATER,
        adopted: [withdrawn('a', NOW, LATER + 10), adoptedAt('b', LATER)],
      },
    ],
    [
      'says no withdrawal from the future, where the clock has gone back',
      {
        before: { adopted: [withdrawn('a', LATER, LATER + DAY)] },
        set: [],
        retention: 10,
        adopted: [withdrawn('a', NOW, NOW + 10)],
      },
    ],
    [
      'drops without retention also where the clock has gone back',
      {
        before: { adopted: [withdrawn('a', LATER, LATER + DAY)] },
        set: [],
        retention: 0,
        adopted: [],
        former: [former('a')],
      },
    ],
    [
      'prunes what has retired with its next change',
      {
        before: { adopted: [withdrawn('a', NOW, LATER), withdrawn('c', NOW, LATER + 1)] },
        set: [B],
        now: LATER,
        adopted: [withdrawn('c', NOW, LATER + 1), adoptedAt('b', LATER)],
        former: [former('a')],
      },
    ],
    [
      'keeps nothing twice of a key that left twice',
      {
        before: { adopted: [adopted('a')], former: [former('a'), former('b')] },
        set: [],
        retention: 0,
        adopted: [],
        former: [former('a'), former('b')],
      },
    ],
    [
      'keeps another key that left under the same kid',
      {
        before: {
          adopted: [adopted('a', { fingerprint: 'another' })],
          former: [former('a')],
        },
        set: [],
        retention: 0,
        adopted: [],
        former: [former('a'), { ...former('a'), fingerprint: 'another' }],
      },
    ],
  ])('%s', (_title, row) => {
    const { before = {}, set, retention = DAY, now = NOW } = row
    const ring = aRing(before)
    const original = structuredClone(ring)
    const changed = adoptKeys(ring, set, retention, now)
    expect(changed).toEqual(aRing({ adopted: row.adopted, former: row.former ?? [] }))
    expect(ring).toEqual(original)
    expect(adoptKeys(changed, set, retention, now)).toBe(changed)
  })

  test.each<[string, Partial<KeyRing>, readonly AdoptableKey[], number]>([
    ['the same set', { adopted: [adopted('a'), adopted('b')] }, [A, B], DAY],
    ['the same set in another order', { adopted: [adopted('a'), adopted('b')] }, [B, A], DAY],
    ['the same set without retention', { adopted: [adopted('a')] }, [A], 0],
    ['nothing for nothing', {}, [], DAY],
    ['a longer retention', { adopted: [withdrawn('a', NOW, LATER + DAY - 1)] }, [], DAY],
    ['the same end', { adopted: [withdrawn('a', NOW, LATER + DAY)] }, [], DAY],
    ['a set while a key retires', { adopted: [adopted('b'), withdrawn('a', NOW, LATER)] }, [B], 0],
  ])('is no change with %s: the ring itself', (_title, before, set, retention) => {
    const ring = aRing(before)
    expect(adoptKeys(ring, set, retention, LATER)).toBe(ring)
  })

  test('withdraws for a day where nothing is said of a retention', () => {
    const ring = adoptKeys(aRing({ adopted: [adopted('a')] }), [], undefined, LATER)
    expect(ring.adopted).toEqual([withdrawn('a', LATER, LATER + DAY)])
  })

  test('leaves what was decided of a withdrawn key where nothing is said of a retention', () => {
    const ring = aRing({ adopted: [withdrawn('a', NOW, NOW + 7 * DAY), adopted('b')] })
    expect(adoptKeys(ring, [B], undefined, LATER)).toBe(ring)
    const changed = adoptKeys(ring, [C], undefined, LATER)
    expect(changed.adopted).toEqual([
      withdrawn('a', NOW, NOW + 7 * DAY),
      withdrawn('b', LATER, LATER + DAY),
      adoptedAt('c', LATER),
    ])
  })

  test('leaves our own keys alone, also where they are called alike', () => {
    const ring = aRing({ adopted: [adopted('a')] })
    const { keys } = adoptKeys(ring, [C], DAY, LATER)
    expect(keys).toBe(ring.keys)
  })
})

function adoptedAt(name: string, publishedAt: number): AdoptedKeyRecord {
  return adopted(name, { publishedAt })
}
