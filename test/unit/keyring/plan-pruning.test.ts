import { describe, expect, test } from 'vitest'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { planPruning } from '../../../src/keyring/plan-pruning.ts'
import { aKey, anAdoptedKey, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  DAY,
  RETENTION,
} from '../../support/rotation-fixtures.ts'

/** Until then a host whose clock is behind may publish it still: twice the skew. */
const KEPT = RETENTION + 120
const SECOND = aSuccessor({ activatesAt: NOW + 1000 })
const THIRD = aKey({ kid: 'kid-third', slot: 'slot-third', activatesAt: NOW + 1500 })
const STILLBORN = aSuccessor({ kid: 'kid-s', activatesAt: NOW + 1000, revokedAt: NOW + 1000 })
const UNDECIDED = aSuccessor({ kid: 'kid-u', revokedAt: NOW + 1000 })

function prunedAt(
  keys: readonly KeyRecord[],
  now: number,
  members: Partial<IssuerDocument> = {},
): string[] {
  const plan = planPruning(aRotating(keys, members), { observations: [], bounds: BOUNDS }, now)
  expect(plan.waits).toEqual([])
  return plan.actions.map((action) =>
    action.type === 'prune' ? `${action.kid} ${action.why}` : action.type,
  )
}

describe('what leaves the ring', () => {
  test.each<[string, readonly KeyRecord[], number, string[]]>([
    ['is no key that signs', [ACTIVE], NOW + 999 * DAY, []],
    ['is no key that nobody follows', [{ ...ACTIVE, revokedAt: NOW + 5 }], NOW + 999 * DAY, []],
    ['is no key that waits', [ACTIVE, aSuccessor()], NOW + 999 * DAY, []],
    ['is no superseded key while it is needed', [ACTIVE, SECOND], NOW + 1000 + KEPT - 1, []],
    ['is a superseded key then', [ACTIVE, SECOND], NOW + 1000 + KEPT, ['kid-a retired']],
    [
      'is each superseded key in its own time',
      [ACTIVE, SECOND, THIRD],
      NOW + 1500 + KEPT - 1,
      ['kid-a retired'],
    ],
    [
      'is every superseded key at last, in the order of signing',
      [THIRD, SECOND, ACTIVE],
      NOW + 1500 + KEPT,
      ['kid-a retired', 'kid-next retired'],
    ],
    [
      'is no key that was revoked while it signed before its time as the others',
      [{ ...ACTIVE, revokedAt: NOW + 5 }, SECOND],
      NOW + 1000 + KEPT - 1,
      [],
    ],
    [
      'is a key that was revoked while it signed then, as retired',
      [{ ...ACTIVE, revokedAt: NOW + 5 }, SECOND],
      NOW + 1000 + KEPT,
      ['kid-a retired'],
    ],
    ['is no key revoked before it signed, yet', [ACTIVE, STILLBORN], NOW + 1000 + KEPT - 1, []],
    [
      'is a key revoked before it signed',
      [ACTIVE, STILLBORN],
      NOW + 1000 + KEPT,
      ['kid-s revoked'],
    ],
    [
      'is one revoked before its time was set',
      [ACTIVE, UNDECIDED],
      NOW + 1000 + KEPT,
      ['kid-u revoked'],
    ],
    ['is none of these yet', [ACTIVE, UNDECIDED], NOW + 1000 + KEPT - 1, []],
    [
      'is of two keys with one moment the one that never signed',
      [ACTIVE, { ...SECOND, kid: 'kid-x', activatesAt: NOW }],
      NOW + KEPT,
      ['kid-a retired'],
    ],
  ])('%s', (_title, keys, now, pruned) => {
    expect(prunedAt(keys, now)).toEqual(pruned)
  })

  test('waits for tokens and caches of an older policy', () => {
    const settling = aSettling({ tokenTtlMaxSeconds: 5000, jwksMaxAgeSeconds: 400 })
    const longer = 5000 - 3900 + 100
    expect(prunedAt([ACTIVE, SECOND], NOW + 1000 + KEPT + longer - 1, { settling })).toEqual([])
    expect(prunedAt([ACTIVE, SECOND], NOW + 1000 + KEPT + longer, { settling })).toEqual([
      'kid-a retired',
    ])
  })

  test('is no adopted key', () => {
    const adopted = [anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW } })]
    const document = aRotating([ACTIVE], {}, { adopted })
    const evidence = { observations: [], bounds: BOUNDS }
    expect(planPruning(document, evidence, NOW + 999 * DAY).actions).toEqual([])
  })
})
