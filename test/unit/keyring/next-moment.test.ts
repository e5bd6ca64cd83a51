import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { nextMoment, rotationDueAt } from '../../../src/keyring/next-moment.ts'
import { aKey, anAdoptedKey } from '../../support/fixtures.ts'
import { boundsOfRetention } from '../../support/rotation-fixtures.ts'

const POLICY = { ...DEFAULT_POLICY, rotationPeriodSeconds: 1000 }
/** A superseded key stays published for 100 s. */
const BOUNDS = boundsOfRetention(POLICY, 100)
const FIRST = aKey({ publishedAt: 0, activatesAt: 100 })
const SECOND = aKey({ kid: 'kid-b', publishedAt: 0, activatesAt: 500 })
const { activatesAt: _activatesAt, ...UNDECIDED } = FIRST
const STILLBORN = { ...FIRST, revokedAt: 90 }
const REVOCATION = { at: 90, what: 'revocation' }
const WITHDRAWN = anAdoptedKey({ withdrawal: { at: 40, publishedUntil: 70 } })
const LATER = { ...WITHDRAWN, withdrawal: { at: 40, publishedUntil: 90 } }
const AT_601 = { at: 601, what: 'revocation' }

describe('the moment at which a rotation is due', () => {
  test.each([
    ['a rotation period after the active key activated', [FIRST], 100, 1100],
    ['the same when it has passed', [FIRST], 5000, 1100],
    ['that of the key which signs now', [FIRST, SECOND], 500, 1500],
    ['none before a key signs', [FIRST], 99, undefined],
    ['none when the last key was revoked', [{ ...FIRST, revokedAt: 200 }], 200, undefined],
    ['none in an empty ring', [], 100, undefined],
  ])('is %s', (_title, keys, now, due) => {
    expect(rotationDueAt(keys, POLICY, now)).toBe(due)
  })
})

describe('the next moment', () => {
  test.each([
    ['the first activation', [FIRST], 99, { at: 100, what: 'activation' }],
    ['the rotation once a key signs', [FIRST], 100, { at: 1100, what: 'rotation due' }],
    ['the last second before it', [FIRST], 1099, { at: 1100, what: 'rotation due' }],
    ['none once the rotation is overdue', [FIRST], 1100, undefined],
    ['the hand-over, when it is earlier', [FIRST, SECOND], 100, { at: 500, what: 'activation' }],
    ['the retirement behind it', [FIRST, SECOND], 500, { at: 600, what: 'retirement' }],
    ['the next rotation behind that', [FIRST, SECOND], 600, { at: 1500, what: 'rotation due' }],
    ['none for a key that is not scheduled', [UNDECIDED], 0, undefined],
    ['no publication', [{ ...UNDECIDED, publishedAt: 50 }], 0, undefined],
    ['none in an empty ring', [], 0, undefined],
    ['a revocation, not the activation behind it', [STILLBORN], 0, REVOCATION],
    ['none once that has come', [STILLBORN], 90, undefined],
    ['a revocation of a key without activation', [{ ...UNDECIDED, revokedAt: 90 }], 0, REVOCATION],
    [
      'a revocation of the key that signs',
      [{ ...FIRST, revokedAt: 700 }],
      100,
      { at: 700, what: 'revocation' },
    ],
    [
      'a retirement the second before a revocation',
      [{ ...FIRST, revokedAt: 601 }, SECOND],
      500,
      { at: 600, what: 'retirement' },
    ],
    ['and then that revocation', [{ ...FIRST, revokedAt: 601 }, SECOND], 600, AT_601],
    [
      'a revocation, not the retirement in the same second',
      [{ ...FIRST, revokedAt: 600 }, SECOND],
      500,
      { at: 600, what: 'revocation' },
    ],
    [
      'no retirement behind a revocation',
      [{ ...FIRST, revokedAt: 550 }, SECOND],
      550,
      { at: 1500, what: 'rotation due' },
    ],
  ])('is %s', (_title, keys, now, moment) => {
    expect(nextMoment({ policy: POLICY, ring: { keys, adopted: [] } }, BOUNDS, now)).toEqual(moment)
  })
})

describe('the next moment of a ring with adopted keys', () => {
  test.each([
    [
      'none while they are all in the set of their cluster',
      { keys: [], adopted: [anAdoptedKey()] },
      0,
      undefined,
    ],
    [
      'the end of a withdrawn one',
      { keys: [], adopted: [WITHDRAWN] },
      69,
      { at: 70, what: 'retirement' },
    ],
    ['none once that has come', { keys: [], adopted: [WITHDRAWN] }, 70, undefined],
    [
      'the earlier of both kinds',
      { keys: [FIRST], adopted: [WITHDRAWN] },
      0,
      { at: 70, what: 'retirement' },
    ],
    [
      'that of our own key behind it',
      { keys: [FIRST], adopted: [WITHDRAWN] },
      70,
      { at: 100, what: 'activation' },
    ],
    [
      'the earliest end of several',
      { keys: [], adopted: [LATER, anAdoptedKey(), WITHDRAWN] },
      0,
      { at: 70, what: 'retirement' },
    ],
  ])('is %s', (_title, ring, now, moment) => {
    expect(nextMoment({ policy: POLICY, ring }, BOUNDS, now)).toEqual(moment)
  })
})

describe('the next moment while an older policy is in force', () => {
  const settling = {
    revision: 2,
    jwksMaxAgeSeconds: POLICY.jwksMaxAgeSeconds,
    tokenTtlMaxSeconds: POLICY.tokenTtlMaxSeconds + 50,
    mintedTtlMaxSeconds: POLICY.tokenTtlMaxSeconds,
  }

  test('is the retirement by the larger value', () => {
    const ring = { keys: [FIRST, SECOND], adopted: [] }
    const issuer = { policy: POLICY, settling, ring }
    expect(nextMoment(issuer, BOUNDS, 649)).toEqual({ at: 650, what: 'retirement' })
    expect(nextMoment(issuer, BOUNDS, 650)).toEqual({ at: 1500, what: 'rotation due' })
  })
})
