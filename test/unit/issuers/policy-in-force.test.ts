import { describe, expect, test } from 'vitest'
import type { IssuerDocument, KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { IssuerPolicy } from '../../../src/issuers/policy.ts'
import {
  mintedTtlMaxSeconds,
  policyInForce,
  propagationInForce,
  retentionInForce,
  settlingMoments,
  withPolicy,
} from '../../../src/issuers/policy-in-force.ts'
import type { PolicySettling } from '../../../src/issuers/policy-settling.ts'
import { aKey, anAdoptedKey, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  BOUNDS,
  EXPIRED_COPIES,
  HOUR,
  POLICY,
  RETENTION,
} from '../../support/rotation-fixtures.ts'

/** Max-age 300 and TTL 3,900 at present; 900 and 7,200 before. */
const SEEN = aSettling({ seenAt: NOW })
/** Staleness and last good copy, then twice the old value and what follows it while origins fail. */
const MAX_AGE_SETTLES = NOW + 180 + 2 * 900 + EXPIRED_COPIES
const TTL_SETTLES = NOW + 180 + 2 * 7200 + EXPIRED_COPIES

function issuerWith(
  settling: PolicySettling | undefined,
): Pick<IssuerDocument, 'policy' | 'settling'> {
  return settling === undefined ? { policy: POLICY } : { policy: POLICY, settling }
}

describe('the policy in force', () => {
  test.each<[string, PolicySettling | undefined, number, number, number]>([
    ['is the present one where nothing settles', undefined, NOW, 300, 3900],
    ['has the larger values until they were seen', aSettling(), NOW + 999_999, 900, 7200],
    ['has them for a while behind that', SEEN, MAX_AGE_SETTLES - 1, 900, 7200],
    ['has the old max-age for twice as long as it is', SEEN, MAX_AGE_SETTLES, 300, 7200],
    ['has the old TTL for its last second', SEEN, TTL_SETTLES - 1, 300, 7200],
    ['is the present one in the end', SEEN, TTL_SETTLES, 300, 3900],
    [
      'has the present value where that is larger',
      aSettling({ jwksMaxAgeSeconds: 60, tokenTtlMaxSeconds: 600 }),
      NOW,
      300,
      3900,
    ],
  ])('%s', (_title, ...[settling, now, jwksMaxAgeSeconds, tokenTtlMaxSeconds]) => {
    expect(policyInForce(issuerWith(settling), BOUNDS, now)).toEqual({
      ...POLICY,
      jwksMaxAgeSeconds,
      tokenTtlMaxSeconds,
    })
  })

  test.each<[string, PolicySettling | undefined, number, number, number]>([
    ['the present one', undefined, RETENTION, 2700, 7200],
    ['an older one', aSettling({ jwksMaxAgeSeconds: 4000 }), RETENTION + 3300 + 3700, 9500, 9500],
  ])(
    'says what to wait for: by %s',
    (_title, ...[settling, retention, leastSeconds, delaySeconds]) => {
      const issuer = issuerWith(settling)
      expect(retentionInForce(issuer, BOUNDS, NOW)).toBe(retention)
      expect(propagationInForce(issuer, BOUNDS, NOW)).toEqual({ leastSeconds, delaySeconds })
    },
  )

  test('changes at moments that are known once it was seen', () => {
    expect(settlingMoments(issuerWith(undefined), BOUNDS)).toEqual([])
    expect(settlingMoments(issuerWith(aSettling()), BOUNDS)).toEqual([])
    expect(settlingMoments(issuerWith(SEEN), BOUNDS)).toEqual([MAX_AGE_SETTLES, TTL_SETTLES])
  })
})

describe('the longest lifetime that is minted', () => {
  test.each([
    ['the maximum where nothing settles', undefined, 3900],
    ['what was minted before, until the present policy was seen', aSettling(), 3600],
    ['the maximum once it was', SEEN, 3900],
    ['the maximum where less was lowered', aSettling({ mintedTtlMaxSeconds: 9000 }), 3900],
  ])('is %s', (_title, settling, seconds) => {
    expect(mintedTtlMaxSeconds(issuerWith(settling))).toBe(seconds)
  })
})

function changedBy(
  settings: Partial<IssuerPolicy>,
  members: Partial<IssuerDocument> = {},
  ring: Partial<KeyRing> = {},
): PolicySettling | undefined {
  const document = aRotating(ring.keys ?? [ACTIVE], members, ring)
  const policy = { ...document.policy, ...settings }
  const changed = withPolicy(document, policy, BOUNDS, NOW)
  expect(changed.policy).toEqual(policy)
  return changed.settling
}

function otherSettings(): Partial<IssuerPolicy> {
  return {
    algorithm: 'ES256',
    custody: 'kms',
    rotationPeriodSeconds: 9 * HOUR,
    propagationDelaySeconds: 3 * HOUR,
  }
}

describe('a changed policy', () => {
  const DOCUMENT = aRotating([ACTIVE])

  const settling = { revision: 9, jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: 3900 }

  test.each<[string, Partial<IssuerPolicy>, PolicySettling | undefined]>([
    ['settles nothing where it is the same', {}, undefined],
    ['settles no raised max-age', { jwksMaxAgeSeconds: 301 }, undefined],
    ['settles no period, delay, algorithm or custody', otherSettings(), undefined],
    [
      'settles a lowered max-age',
      { jwksMaxAgeSeconds: 299 },
      { ...settling, mintedTtlMaxSeconds: 3900 },
    ],
    [
      'settles a lowered TTL, which is minted at once',
      { tokenTtlMaxSeconds: 3899 },
      { ...settling, mintedTtlMaxSeconds: 3899 },
    ],
    [
      'settles a raised TTL, which is not',
      { tokenTtlMaxSeconds: 3901 },
      { ...settling, mintedTtlMaxSeconds: 3900 },
    ],
  ])('%s', (_title, settings, expected) => {
    expect(changedBy(settings)).toEqual(expected)
  })

  test.each<[string, Partial<IssuerDocument>, Partial<IssuerPolicy>, PolicySettling | undefined]>([
    [
      'keeps the largest values of a policy that was never seen',
      { settling: aSettling() },
      { jwksMaxAgeSeconds: 60 },
      { ...aSettling(), revision: 9 },
    ],
    [
      'keeps what of it is in force still',
      { settling: aSettling({ seenAt: 2 * NOW - MAX_AGE_SETTLES }) },
      { jwksMaxAgeSeconds: 299 },
      { ...settling, tokenTtlMaxSeconds: 7200, mintedTtlMaxSeconds: 3900 },
    ],
    [
      'keeps values that are in force where it lowers nothing',
      { settling: SEEN },
      { jwksMaxAgeSeconds: 301 },
      { ...aSettling({ mintedTtlMaxSeconds: 3900 }), revision: 9 },
    ],
    [
      'goes on as it was where relying parties see no difference',
      { settling: SEEN },
      { rotationPeriodSeconds: 9 * HOUR },
      SEEN,
    ],
    [
      'forgets what is in force no more',
      { settling: aSettling({ seenAt: 2 * NOW - TTL_SETTLES }) },
      { jwksMaxAgeSeconds: 301 },
      undefined,
    ],
    [
      'still mints no longer than before a raise that was never seen',
      { settling: aSettling({ jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: 3900 }) },
      { tokenTtlMaxSeconds: 5000 },
      { ...settling, mintedTtlMaxSeconds: 3600 },
    ],
    [
      'mints no longer either where the change after the raise lowers nothing',
      { settling: aSettling({ jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: 3900 }) },
      { jwksMaxAgeSeconds: 301 },
      { ...settling, mintedTtlMaxSeconds: 3600 },
    ],
    [
      'settles on where the one before was never seen, also back to what was',
      { settling: aSettling({ jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: 3600 }) },
      { tokenTtlMaxSeconds: 3600 },
      { ...settling, mintedTtlMaxSeconds: 3600 },
    ],
  ])('%s', (_title, members, settings, expected) => {
    expect(changedBy(settings, members)).toEqual(expected)
  })

  test.each<[string, Partial<KeyRing>, boolean]>([
    ['settles nothing where nothing was ever published', { keys: [] }, false],
    ['settles where a cluster publishes', { keys: [], adopted: [anAdoptedKey()] }, true],
    [
      'settles where something did',
      { keys: [], former: [{ kid: 'kid-f', fingerprint: 'f', origin: 'adopted' }] },
      true,
    ],
    ['settles where the first key waits', { keys: [aKey({ activatesAt: NOW + 9 })] }, true],
  ])('%s', (_title, ring, settles) => {
    expect(changedBy({ jwksMaxAgeSeconds: 60 }, {}, ring) !== undefined).toBe(settles)
  })

  test('changes nothing else, and not the document that it was given', () => {
    const before = structuredClone(DOCUMENT)
    const {
      policy: _policy,
      settling: _settling,
      ...rest
    } = withPolicy(DOCUMENT, { ...POLICY, jwksMaxAgeSeconds: 60 }, BOUNDS, NOW)
    const { policy: _before, ...expected } = before
    expect(rest).toEqual(expected)
    expect(DOCUMENT).toEqual(before)
  })
})
