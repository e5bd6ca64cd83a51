/**
 * Arbitrary rings, documents and claims.
 *
 * Moments of a ring are small integers, so that equal moments and every order of them come up often.
 */

import * as fc from 'fast-check'
import type { PublicJwk } from '../../src/crypto/public-jwk.ts'
import {
  type EcCurve,
  PUBLISHED_ALGORITHM_NAMES,
  PUBLISHED_ALGORITHMS,
} from '../../src/crypto/published-algorithms.ts'
import {
  FORMAT_VERSION,
  type IssuerDocument,
  type IssuerTombstone,
  type KeyRing,
} from '../../src/issuers/issuer-document.ts'
import type {
  AdoptedKeyRecord,
  FormerKey,
  KeyRecord,
  PublicAdoptedKey,
  PublicKeyRecord,
} from '../../src/issuers/key-record.ts'
import { CLOCK_SKEW_SECONDS } from '../../src/limits.ts'
import { REGISTERED_CLAIMS } from '../../src/tokens/claims.ts'
import { CUSTODIES, KEY_CUSTODIES, type KeyRef } from '../../src/signers/key-manager.ts'
import { ALGORITHMS, SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import { leftover, reservation, settling } from './arbitrary-leftovers.ts'

/** Every moment of an arbitrary ring is before this one. */
export const RING_END = 30

const ringMoment = fc.nat({ max: RING_END - 1 })
const text = fc.string({ minLength: 1, unit: 'binary' })
const unixSeconds = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const revision = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const algorithm = fc.constantFrom(...SIGNING_ALGORITHMS)
const custody = fc.constantFrom(...CUSTODIES)
const keyCustody = fc.constantFrom(...KEY_CUSTODIES)

/** An algorithm and a public key of its type. */
const publicKey = fc
  .tuple(
    algorithm,
    fc.record({ kty: fc.constant('RSA' as const), n: text, e: text }),
    fc.record({
      kty: fc.constant('EC' as const),
      crv: fc.constant('P-256' as const),
      x: text,
      y: text,
    }),
  )
  .map(([alg, rsa, ec]) => ({ alg, publicJwk: ALGORITHMS[alg].kty === 'RSA' ? rsa : ec }))

const anyRetentionSeconds = fc.nat({ max: 10 })

const RING_KEY = { kty: 'RSA', n: 'modulus', e: 'AQAB' } as const

/** `moments`: which of a key's optional moments may be there. */
function ringOf(
  moments: Partial<Record<'activatesAt' | 'revokedAt', fc.Arbitrary<number>>>,
): fc.Arbitrary<PublicKeyRecord[]> {
  const key = fc.record(
    { publishedAt: ringMoment, ...moments },
    { requiredKeys: ['publishedAt'] },
  ) as fc.Arbitrary<Pick<PublicKeyRecord, 'publishedAt' | 'activatesAt' | 'revokedAt'>>
  return fc.array(key, { maxLength: 6 }).map((keys) =>
    keys.map((members, index) => ({
      kid: `kid-${index}`,
      alg: 'RS256' as const,
      publicJwk: RING_KEY,
      ...members,
    })),
  )
}

export const anyRing = ringOf({ activatesAt: ringMoment, revokedAt: ringMoment })
export const ringWithoutRevocations = ringOf({ activatesAt: ringMoment })

/** Adopted keys, in their cluster's set or withdrawn from it. */
export const anyAdopted: fc.Arbitrary<PublicAdoptedKey[]> = fc
  .array(fc.option(fc.tuple(ringMoment, anyRetentionSeconds), { nil: undefined }), { maxLength: 3 })
  .map((withdrawals) =>
    withdrawals.map((withdrawal, index) => {
      const key = { alg: 'RS256' as const, publicJwk: RING_KEY, publishedAt: 0 }
      const [at, retention] = withdrawal ?? [0, 0]
      return {
        ...key,
        kid: `adopted-${index}`,
        ...(withdrawal === undefined ? {} : { withdrawal: { at, publishedUntil: at + retention } }),
      }
    }),
  )
export const anyRetention = anyRetentionSeconds
/** Also before the first moment of a ring and after its last. */
export const anyMoment = fc.nat({ max: RING_END + 12 })

/** A string that is found in a text only if it was put there. */
export const privateText = fc
  .stringMatching(/^[a-z0-9]{12}$/)
  .map((characters) => `PRIVATE-${characters}`)

function keyRecord(secret: fc.Arbitrary<string>): fc.Arbitrary<KeyRecord> {
  const members = fc.record(
    {
      kid: text,
      publishedAt: unixSeconds,
      publishedRevision: revision,
      firstSeenAt: unixSeconds,
      activatesAt: unixSeconds,
      revokedAt: unixSeconds,
      custody: keyCustody,
      keyRef: secret as fc.Arbitrary<KeyRef>,
      slot: secret,
    },
    { requiredKeys: ['kid', 'publishedAt', 'publishedRevision', 'custody', 'keyRef', 'slot'] },
  )
  return fc.tuple(publicKey, members).map(([key, { publishedAt, ...others }]) => ({
    ...key,
    ...others,
    // No key activates before it is published, but for the difference of two clocks.
    publishedAt: Math.min(publishedAt, (others.activatesAt ?? Infinity) + CLOCK_SKEW_SECONDS),
  }))
}

/** An algorithm that clusters sign with, and a public key that goes with it. */
const clusterKey = fc
  .tuple(fc.constantFrom(...PUBLISHED_ALGORITHM_NAMES), text, text)
  .map(([alg, a, b]) => {
    const { kty, crv }: { kty: 'RSA' | 'EC'; crv?: EcCurve } = PUBLISHED_ALGORITHMS[alg]
    const publicJwk: PublicJwk =
      kty === 'RSA' || crv === undefined
        ? { kty: 'RSA', n: a, e: b }
        : { kty: 'EC', crv, x: a, y: b }
    return { alg, publicJwk }
  })

function adoptedKeyRecord(secret: fc.Arbitrary<string>): fc.Arbitrary<AdoptedKeyRecord> {
  const withdrawal = fc
    .tuple(unixSeconds, unixSeconds)
    .map(([a, b]) => ({ at: Math.min(a, b), publishedUntil: Math.max(a, b) }))
  const members = fc.record(
    { kid: text, publishedAt: unixSeconds, fingerprint: secret, withdrawal },
    { requiredKeys: ['kid', 'publishedAt', 'fingerprint'] },
  )
  return fc.tuple(clusterKey, members).map(([key, others]) => ({ ...key, ...others }))
}

function formerKey(secret: fc.Arbitrary<string>): fc.Arbitrary<FormerKey> {
  return fc.record(
    {
      kid: secret,
      fingerprint: secret,
      origin: fc.constantFrom('own' as const, 'adopted' as const),
      revokedAt: unixSeconds,
    },
    { requiredKeys: ['kid', 'fingerprint', 'origin'] },
  )
}

/** No kid names two keys. */
function ringWith(secret: fc.Arbitrary<string>): fc.Arbitrary<KeyRing> {
  return fc
    .record(
      {
        keys: fc.array(keyRecord(secret), { maxLength: 4 }),
        adopted: fc.array(adoptedKeyRecord(secret), { maxLength: 4 }),
        former: fc.array(formerKey(secret), { maxLength: 3 }),
        reservation: reservation(secret),
        leftovers: fc.array(leftover(secret), { maxLength: 3 }),
      },
      { requiredKeys: ['keys', 'adopted', 'former', 'leftovers'] },
    )
    .filter(({ keys, adopted }) => {
      const kids = [...keys, ...adopted].map(({ kid }) => kid)
      return new Set(kids).size === kids.length
    })
}

const head = {
  version: fc.constant(FORMAT_VERSION),
  id: text,
  issuer: text,
  revision,
  createdAt: unixSeconds,
}

/** `secret`: what stands where nothing may be published. */
export function issuerDocument(secret: fc.Arbitrary<string> = text): fc.Arbitrary<IssuerDocument> {
  const members = {
    ...head,
    kind: fc.constant('issuer' as const),
    policy: fc.record({
      algorithm,
      custody,
      rotationPeriodSeconds: unixSeconds,
      propagationDelaySeconds: unixSeconds,
      tokenTtlMaxSeconds: unixSeconds,
      jwksMaxAgeSeconds: unixSeconds,
    }),
    settling,
    ring: ringWith(secret),
    updatedAt: unixSeconds,
    writeNonce: secret,
  }
  const { settling: _optional, ...required } = members
  return fc.record(members, { requiredKeys: keysOf(required) })
}

export function tombstone(secret: fc.Arbitrary<string> = text): fc.Arbitrary<IssuerTombstone> {
  return fc.record(
    {
      ...head,
      kind: fc.constant('tombstone' as const),
      deletedAt: unixSeconds,
      reason: secret,
      kids: fc.array(secret, { maxLength: 4 }),
      leftovers: fc.array(leftover(secret), { maxLength: 3 }),
      writeNonce: secret,
    },
    {
      requiredKeys: [
        'version',
        'id',
        'issuer',
        'revision',
        'createdAt',
        'kind',
        'deletedAt',
        'kids',
        'leftovers',
        'writeNonce',
      ],
    },
  )
}

function keysOf<T extends object>(members: T): (keyof T)[] {
  return Object.keys(members) as (keyof T)[]
}

/** Claims as JSON can say them, named like registered ones more often than chance would have it. */
export const anyClaims = fc.dictionary(
  fc.oneof(fc.constantFrom(...REGISTERED_CLAIMS, 'groups'), fc.string()),
  fc.jsonValue(),
)
