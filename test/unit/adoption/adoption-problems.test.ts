import { describe, expect, test } from 'vitest'
import type { AdoptableKey } from '../../../src/adoption/adoptable-key.ts'
import { adoptionProblems, amountProblem } from '../../../src/adoption/adoption-problems.ts'
import type { KeyRing } from '../../../src/issuers/issuer-document.ts'
import type { AdoptedKeyRecord } from '../../../src/issuers/key-record.ts'
import { DEFAULT_POLICY, type IssuerPolicy, ownKeysMax } from '../../../src/issuers/policy.ts'
import {
  aKey,
  anAdoptableKey,
  anAdoptedKey,
  aRing,
  EC_JWK,
  NO_BOUNDS,
  NOW,
} from '../../support/fixtures.ts'

const KEY = anAdoptableKey()
const OTHER_JWK = { kty: 'RSA', n: 'another-modulus', e: 'AQAB' } as const
const OTHER = { fingerprint: 'another-fingerprint', publicJwk: OTHER_JWK }

const REVOKED =
  'was revoked, and a revoked key is never published again: have the cluster sign with another one'
const OWN = "is or was this issuer's own key, which is published by itself: leave it out of the set"
const TAKEN =
  'has a kid that already names another key of this issuer, or this key with another alg, and a relying party knows keys by it: give the key a kid of its own, or drop the other one first (adopt the set without it and with retention 0, which is --now)'
const REPEATED = 'has the kid of another key of the set: each key needs a kid of its own'

/** Our own key, which is named by its fingerprint. */
const OUR_KEY = { ...KEY, kid: 'kid-a', fingerprint: 'kid-a' }

function formerOf(members: Partial<KeyRing['former'][number]>): Partial<KeyRing> {
  const { kid, fingerprint } = KEY
  return { former: [{ kid, fingerprint, origin: 'adopted', ...members }] }
}

describe('a key that may not be adopted by this issuer', () => {
  test.each<[string, Partial<KeyRing>, AdoptableKey, string]>([
    ['refuses our own key', {}, OUR_KEY, OWN],
    ['refuses our own key under another kid', {}, { ...OUR_KEY, kid: 'kid-x' }, OWN],
    ['refuses a former key of our own', formerOf({ origin: 'own' }), KEY, OWN],
    [
      'refuses a former key of our own under another kid',
      formerOf({ origin: 'own', kid: 'kid-x' }),
      KEY,
      OWN,
    ],
    [
      'refuses our own key that was revoked',
      { keys: [aKey({ revokedAt: NOW })] },
      OUR_KEY,
      REVOKED,
    ],
    [
      'refuses our own key that will be revoked',
      { keys: [aKey({ revokedAt: NOW + 1e9 })] },
      OUR_KEY,
      REVOKED,
    ],
    ['refuses a former key that was revoked', formerOf({ revokedAt: NOW }), KEY, REVOKED],
    ['refuses one revoked at the beginning of time', formerOf({ revokedAt: 0 }), KEY, REVOKED],
    [
      'refuses a former key of our own that was revoked',
      formerOf({ origin: 'own', revokedAt: NOW }),
      KEY,
      REVOKED,
    ],
    [
      'refuses a revoked fingerprint under another kid',
      formerOf({ revokedAt: NOW, kid: 'kid-x' }),
      KEY,
      REVOKED,
    ],
    ['refuses the kid of our own key', {}, { ...KEY, kid: 'kid-a' }, TAKEN],
    [
      'refuses the kid of a former key of our own',
      formerOf({ origin: 'own', fingerprint: 'another-fingerprint' }),
      KEY,
      TAKEN,
    ],
    [
      'refuses the kid of another adopted key',
      { adopted: [anAdoptedKey()] },
      { ...KEY, ...OTHER },
      TAKEN,
    ],
    [
      'refuses the kid of another withdrawn key',
      { adopted: [anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 9 } })] },
      { ...KEY, ...OTHER },
      TAKEN,
    ],
    [
      'refuses another alg for an adopted key',
      { adopted: [anAdoptedKey()] },
      { ...KEY, alg: 'RS512' },
      TAKEN,
    ],
  ])('%s', (_title, ring, key, problem) => {
    expect(adoptionProblems(aRing(ring), [key], NOW)).toEqual([
      `key 1 (kid "${key.kid}") ${problem}`,
    ])
  })

  test.each<[string, Partial<KeyRing>, AdoptableKey]>([
    ['one that nobody knows', {}, KEY],
    ['one that is adopted', { adopted: [anAdoptedKey()] }, KEY],
    [
      'one that is withdrawn',
      { adopted: [anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 9 } })] },
      KEY,
    ],
    ['one that was adopted before', formerOf({}), KEY],
    [
      'one with the kid of a retired adopted key',
      { adopted: [anAdoptedKey({ withdrawal: { at: NOW - 9, publishedUntil: NOW } })] },
      { ...KEY, ...OTHER },
    ],
    ['one with the kid of a former adopted key', formerOf({ fingerprint: 'another' }), KEY],
    ['an adopted key under another kid', { adopted: [anAdoptedKey()] }, { ...KEY, kid: 'kid-x' }],
  ])('is not %s', (_title, ring, key) => {
    expect(adoptionProblems(aRing(ring), [key], NOW)).toEqual([])
  })
})

describe('a set', () => {
  const EC = anAdoptableKey({ fingerprint: 'ec', alg: 'ES256', publicJwk: EC_JWK })

  test.each<[string, readonly AdoptableKey[], string[]]>([
    ['may have a key twice', [KEY, KEY], []],
    ['may have a key under two kids', [KEY, { ...KEY, kid: 'kid-x' }], []],
    [
      'refuses one kid for two keys',
      [KEY, { ...KEY, ...OTHER }],
      [`key 2 (kid "kid-of-cluster") ${REPEATED}`],
    ],
    [
      'refuses one kid for keys of two types',
      [KEY, EC],
      [`key 2 (kid "kid-of-cluster") ${REPEATED}`],
    ],
    [
      'refuses one kid with two algs',
      [KEY, { ...KEY, alg: 'RS512' }],
      [`key 2 (kid "kid-of-cluster") ${REPEATED}`],
    ],
    [
      'refuses each bad key, the first problem of each, in order',
      [OUR_KEY, KEY, { ...KEY, ...OTHER }, { ...KEY, kid: 'kid-a' }],
      [
        `key 1 (kid "kid-a") ${OWN}`,
        `key 3 (kid "kid-of-cluster") ${REPEATED}`,
        `key 4 (kid "kid-a") ${TAKEN}`,
      ],
    ],
  ])('%s', (_title, keys, problems) => {
    expect(adoptionProblems(aRing(), keys, NOW)).toEqual(problems)
  })
})

function adoptedKeys(count: number, publicJwk: AdoptedKeyRecord['publicJwk']): AdoptedKeyRecord[] {
  return Array.from({ length: count }, (_, index) =>
    anAdoptedKey({ kid: `kid-${publicJwk.kty}-${index}`, publicJwk }),
  )
}
const rsa = (count: number) => adoptedKeys(count, OTHER_JWK)
const ec = (count: number) => adoptedKeys(count, EC_JWK)
const leaving = (all: readonly AdoptedKeyRecord[]) =>
  all.map((key) => ({ ...key, withdrawal: { at: NOW, publishedUntil: NOW + 9 } }))
const problemOf = (policy: Partial<IssuerPolicy>, adopted: AdoptedKeyRecord[]) =>
  amountProblem(
    { policy: { ...DEFAULT_POLICY, ...policy } },
    aRing({ keys: [], adopted }),
    NO_BOUNDS,
    NOW,
  )

function told(kty: string, ...[got, leaves, own, withdrawn]: number[]): string {
  return `the set must leave at most 96 ${kty} keys published at once (AWS reads 100), got ${got}, which leaves ${leaves} with up to ${own} of the issuer's own and ${withdrawn} withdrawn ones: leave some out, or drop the withdrawn ones (retention 0, which is --now)`
}

describe('the amount of keys', () => {
  const RSA_OWN = ownKeysMax(DEFAULT_POLICY, NO_BOUNDS)

  test('of our own is that of the policy', () => {
    expect(RSA_OWN).toBe(3)
  })

  test.each<[string, Partial<IssuerPolicy>, AdoptedKeyRecord[]]>([
    ['96 RSA keys alone', { custody: 'none' }, rsa(96)],
    ['96 EC keys alone', { custody: 'none' }, ec(96)],
    ['96 of each', { custody: 'none' }, [...rsa(96), ...ec(96)]],
    ['93 RSA keys beside our own', {}, rsa(93)],
    ['96 EC keys beside our own RSA keys', {}, ec(96)],
    ['93 EC keys beside our own', { algorithm: 'ES256' }, ec(93)],
    ['96 RSA keys beside our own EC keys', { algorithm: 'ES256' }, rsa(96)],
  ])('may be %s', (_title, policy, adopted) => {
    expect(problemOf(policy, adopted)).toBeUndefined()
  })

  test.each<[string, Partial<IssuerPolicy>, AdoptedKeyRecord[], string]>([
    ['refuses 97 RSA keys alone', { custody: 'none' }, rsa(97), told('RSA', 97, 97, 0, 0)],
    ['refuses 97 EC keys alone', { custody: 'none' }, ec(97), told('EC', 97, 97, 0, 0)],
    ['refuses 94 RSA keys beside our own', {}, rsa(94), told('RSA', 94, 97, 3, 0)],
    ['refuses 97 EC keys beside our own RSA keys', {}, ec(97), told('EC', 97, 97, 0, 0)],
    [
      'refuses 94 EC keys beside our own',
      { algorithm: 'ES256' },
      [...rsa(9), ...ec(94)],
      told('EC', 94, 97, 3, 0),
    ],
    [
      'refuses 97 with the withdrawn ones',
      { custody: 'none' },
      [...rsa(40), ...leaving(rsa(57))],
      told('RSA', 40, 97, 0, 57),
    ],
  ])('%s', (_title, policy, adopted, sentence) => {
    expect(problemOf(policy, adopted)).toBe(sentence)
  })
})
