import { describe, expect, test } from 'vitest'
import type { IssuerDocument, KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import {
  dueHandOver,
  earliestHandOver,
  isMovable,
  isReplaceable,
  isWithoutSigner,
  standingKeys,
  wantedSuccessor,
} from '../../../src/keyring/hand-over.ts'
import { isOfPolicy } from '../../../src/keyring/of-policy.ts'
import { aKey, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  EXPIRED_COPIES,
  DAY,
  EC_MEMBERS,
  HOUR,
  POLICY,
} from '../../support/rotation-fixtures.ts'

const SUCCESSOR = aSuccessor({ firstSeenAt: NOW })

test('a hand-over is written with notice: stale signers, two clocks, and the write itself', () => {
  expect(earliestHandOver(NOW)).toBe(NOW + 10 + 2 * 60 + 30)
})

describe('a key that waits', () => {
  test.each([
    ['while its moment is not decided', {}, true, true],
    ['with notice for hosts', { activatesAt: NOW + 160 }, true, true],
    ['and not a second later', { activatesAt: NOW + 159 }, false, false],
    ['and not once it signs', { activatesAt: NOW }, false, false],
    ['and not replaced when it was revoked', { revokedAt: NOW + 999 }, true, false],
  ])('may be moved or replaced %s', (_title, members, movable, replaceable) => {
    const key = aSuccessor(members)
    expect([isMovable(key, NOW), isReplaceable(key, NOW)]).toEqual([movable, replaceable])
  })

  test('of another kind follows where no key signs, and where one does the policy decides', () => {
    const other = aSuccessor({ ...EC_MEMBERS, activatesAt: NOW + DAY })
    const fresh = aSuccessor()
    const revoked = { ...ACTIVE, revokedAt: NOW + 10 }
    expect(wantedSuccessor(aRotating([ACTIVE, other, fresh]), NOW + 20)).toBe(fresh)
    expect(wantedSuccessor(aRotating([revoked, other, fresh]), NOW + 20)).toBe(other)
    expect(wantedSuccessor(aRotating([revoked, other]), NOW + 20)).toBe(other)
  })

  test.each([
    ['as it is', {}, true],
    ['of another algorithm', EC_MEMBERS, false],
    ['of another custody', { custody: 'kms' as const }, false],
  ])('is what the policy wants or not: %s', (_title, members, isWanted) => {
    expect(isOfPolicy(aSuccessor(members), POLICY)).toBe(isWanted)
  })

  test.each([
    ['not decided', {}, true],
    ['later', { activatesAt: NOW + 1 }, true],
    ['now', { activatesAt: NOW }, false],
    ['not decided and revoked, even later', { revokedAt: NOW + 1 }, false],
    ['later and revoked', { activatesAt: NOW + 1, revokedAt: NOW + 1 }, false],
  ])('stands by or not: its moment is %s', (_title, members, stands) => {
    const key = aSuccessor(members)
    expect(standingKeys(aRotating([ACTIVE, key]), NOW)).toEqual(stands ? [key] : [])
  })
})

describe('the wanted successor', () => {
  const fresh = aSuccessor({ kid: 'kid-fresh' })
  const seen = aSuccessor({ kid: 'kid-seen', firstSeenAt: NOW })
  const late = aSuccessor({ kid: 'kid-late', firstSeenAt: NOW, activatesAt: NOW + 900 })
  const early = aSuccessor({ kid: 'kid-early', firstSeenAt: NOW, activatesAt: NOW + 800 })

  test.each<[string, readonly KeyRecord[], string | undefined]>([
    ['none in an empty ring', [], undefined],
    ['not the key that signs', [ACTIVE], undefined],
    ['the one that there is', [ACTIVE, fresh], 'kid-fresh'],
    ['the first of several', [fresh, { ...fresh, kid: 'kid-other' }], 'kid-fresh'],
    ['sooner the one that was seen', [fresh, seen], 'kid-seen'],
    ['sooner the one whose moment is set', [seen, fresh, late], 'kid-late'],
    ['sooner the one that signs first', [late, early], 'kid-early'],
    ['not one of another algorithm', [aSuccessor(EC_MEMBERS), fresh], 'kid-fresh'],
    ['not one of another custody', [{ ...early, custody: 'kms' }, fresh], 'kid-fresh'],
    ['not one that was revoked', [{ ...early, revokedAt: NOW }], undefined],
  ])('is %s', (_title, keys, kid) => {
    expect(wantedSuccessor(aRotating(keys), NOW)?.kid).toBe(kid)
  })
})

describe('a ring in which no key signs although one did', () => {
  const SIGNED = { ...ACTIVE, activatesAt: NOW - 1, revokedAt: NOW }
  const own = { kid: 'kid-f', fingerprint: 'kid-f', origin: 'own' as const }

  test.each<[string, readonly KeyRecord[], Partial<KeyRing>, boolean]>([
    ['not: it is empty', [], {}, false],
    ['not: it has a key that signs', [ACTIVE], {}, false],
    ['not: its first key waits', [aKey({ activatesAt: NOW + 1 })], {}, false],
    ['not: its first key is not decided', [SUCCESSOR], {}, false],
    ['the last one was revoked', [SIGNED], {}, true],
    ['not: it will be', [{ ...ACTIVE, revokedAt: NOW + 1 }], {}, false],
    ['also beside a successor', [SIGNED, SUCCESSOR], {}, true],
    ['not: it left the ring, which the last one never does', [], { former: [own] }, false],
    ['not: what left was of a cluster', [], { former: [{ ...own, origin: 'adopted' }] }, false],
    ['not: it never signed', [aKey({ activatesAt: NOW, revokedAt: NOW })], {}, false],
  ])('%s', (_title, keys, ring, isWithout) => {
    expect(isWithoutSigner(aRotating(keys, {}, ring), NOW)).toBe(isWithout)
  })
})

function dueAt(
  keys: readonly KeyRecord[],
  firstSeenAt: number,
  members: Partial<IssuerDocument> = {},
  now = NOW,
): number {
  const document = aRotating([...keys, SUCCESSOR], members)
  return dueHandOver(document, { successor: SUCCESSOR, firstSeenAt }, BOUNDS, now)
}

describe('the hand-over', () => {
  const END = NOW + POLICY.rotationPeriodSeconds
  const REVOKED = { ...ACTIVE, revokedAt: NOW + DAY }

  test.each<[string, readonly KeyRecord[], number, number]>([
    ['is at the end of the period', [ACTIVE], END - 2 * HOUR - 1, END],
    ['waits until the key was seen for long enough', [ACTIVE], END - 2 * HOUR + 1, END + 1],
    ['is at the revocation where that is earlier', [REVOKED], NOW, NOW + DAY],
    ['is not at a revocation behind the end', [{ ...ACTIVE, revokedAt: END + 1 }], NOW, END],
    ['is of the proof alone without predecessor', [], NOW, NOW + 2 * HOUR],
    [
      'leaves out the period of a key of another algorithm',
      [{ ...ACTIVE, ...EC_MEMBERS }],
      NOW,
      NOW + 2 * HOUR,
    ],
    [
      'leaves out the period of a key of another custody',
      [{ ...ACTIVE, custody: 'kms' }],
      NOW,
      NOW + 2 * HOUR,
    ],
    [
      'is counted from the last key that will sign',
      [ACTIVE, aSuccessor({ kid: 'kid-b', activatesAt: NOW + 159 })],
      NOW,
      END + 159,
    ],
    [
      'is not counted from one that can be replaced',
      [ACTIVE, aSuccessor({ kid: 'kid-b', activatesAt: NOW + 160 })],
      NOW,
      END,
    ],
    [
      'is not counted from one revoked before it signs',
      [ACTIVE, aSuccessor({ kid: 'kid-b', activatesAt: NOW + 9, revokedAt: NOW + 9 })],
      NOW,
      END,
    ],
  ])('%s', (_title, keys, firstSeenAt, due) => {
    expect(dueAt(keys, firstSeenAt)).toBe(due)
  })

  test('is as early as caches allow while no key signs', () => {
    const revoked = { ...ACTIVE, revokedAt: NOW + 5 }
    expect(dueAt([revoked], NOW, {}, NOW + 4)).toBe(NOW + 2 * HOUR)
    expect(dueAt([revoked], NOW, {}, NOW + 5)).toBe(NOW + 2700)
  })

  test('waits for caches of an older policy, also in an emergency', () => {
    const settling = aSettling({ jwksMaxAgeSeconds: 6000 })
    const least = 2 * 6000 + EXPIRED_COPIES + 60 + 120 + 120
    expect(dueAt([], NOW, { settling })).toBe(NOW + least)
    const revoked = { ...ACTIVE, activatesAt: NOW - 1, revokedAt: NOW }
    expect(dueAt([revoked], NOW, { settling })).toBe(NOW + least)
  })

  test('does not count the successor as its own predecessor', () => {
    const successor = { ...SUCCESSOR, activatesAt: NOW + 100 }
    const document = aRotating([ACTIVE, successor])
    expect(dueHandOver(document, { successor, firstSeenAt: NOW }, BOUNDS, NOW)).toBe(END)
  })
})
