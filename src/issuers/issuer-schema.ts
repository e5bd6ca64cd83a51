/**
 * The form of stored issuers and of their public copies. Strict: a member that is unknown, missing or of the wrong form is
 * an error. `docs/storage-schema.md` changes with this file.
 */

import * as z from 'zod/mini'
import { SIGNING_ALGORITHMS } from '../crypto/algorithms.ts'
import {
  algorithmsOf,
  EC_CURVES,
  PUBLISHED_ALGORITHM_NAMES,
} from '../crypto/published-algorithms.ts'
import { CLOCK_SKEW_SECONDS } from '../limits.ts'
import { CUSTODIES, KEY_CUSTODIES, type KeyRef } from '../signers/key-manager.ts'
import { FORMAT_VERSION, type PublicRing } from './issuer-document.ts'
import type { PublicKeyRecord, PublishedKey, Withdrawal } from './key-record.ts'

const moment = z.int().check(z.nonnegative())
const duration = z.int().check(z.nonnegative())
const revision = z.int().check(z.positive())
const text = z.string().check(z.minLength(1))

const publicJwk = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('RSA'), n: text, e: text }),
  z.strictObject({ kty: z.literal('EC'), crv: z.enum(EC_CURVES), x: text, y: text }),
])

const publicKeyMembers = {
  kid: text,
  alg: z.enum(SIGNING_ALGORITHMS),
  publicJwk,
  publishedAt: moment,
  firstSeenAt: z.exactOptional(moment),
  activatesAt: z.exactOptional(moment),
  revokedAt: z.exactOptional(moment),
}

const hasKeyOfItsAlgorithm = z.refine<PublishedKey>(
  ({ alg, publicJwk: jwk }) => algorithmsOf(jwk).includes(alg),
  { path: ['alg'] },
)

/** A key that signs before it is published signs what nobody can verify; clocks may differ by their skew. */
const isPublishedFirst = z.refine<PublicKeyRecord>(
  ({ publishedAt, activatesAt = Infinity }) => publishedAt <= activatesAt + CLOCK_SKEW_SECONDS,
  { path: ['activatesAt'] },
)

const publicAdoptedKeyMembers = {
  kid: text,
  alg: z.enum(PUBLISHED_ALGORITHM_NAMES),
  publicJwk,
  publishedAt: moment,
  withdrawal: z.exactOptional(
    z.strictObject({ at: moment, publishedUntil: moment }).check(
      z.refine<Withdrawal>(({ at, publishedUntil }) => at <= publishedUntil, {
        path: ['publishedUntil'],
      }),
    ),
  ),
}

/** A relying party finds a key by its `kid`, so one names one key. */
const hasDistinctKids = z.refine<PublicRing>(
  ({ keys, adopted }) =>
    new Set([...keys, ...adopted].map(({ kid }) => kid)).size === keys.length + adopted.length,
)

const keyRef = z.pipe(
  text,
  z.transform((value) => value as KeyRef),
)

const keyRecord = z.strictObject({
  ...publicKeyMembers,
  publishedRevision: revision,
  custody: z.enum(KEY_CUSTODIES),
  keyRef,
  slot: text,
})

const place = { slot: text, alg: z.enum(SIGNING_ALGORITHMS), custody: z.enum(KEY_CUSTODIES) }

const reservation = z.strictObject({ ...place, reservedAt: moment })

const leftover = z.strictObject({
  ...place,
  forgottenAt: moment,
  kid: z.exactOptional(text),
  keyRef: z.exactOptional(keyRef),
  deletion: z.exactOptional(
    z.strictObject({ scheduledAt: moment, windowDays: z.int().check(z.positive()) }),
  ),
  keptAt: z.exactOptional(moment),
})

const adoptedKeyRecord = z.strictObject({ ...publicAdoptedKeyMembers, fingerprint: text })

const formerKey = z.strictObject({
  kid: text,
  fingerprint: text,
  origin: z.enum(['own', 'adopted']),
  revokedAt: z.exactOptional(moment),
})

const ring = z
  .strictObject({
    keys: z.array(keyRecord.check(hasKeyOfItsAlgorithm, isPublishedFirst)),
    adopted: z.array(adoptedKeyRecord.check(hasKeyOfItsAlgorithm)),
    former: z.array(formerKey),
    reservation: z.exactOptional(reservation),
    leftovers: z.array(leftover),
  })
  .check(hasDistinctKids)

const publicRing = z
  .strictObject({
    keys: z.array(z.strictObject(publicKeyMembers).check(hasKeyOfItsAlgorithm, isPublishedFirst)),
    adopted: z.array(z.strictObject(publicAdoptedKeyMembers).check(hasKeyOfItsAlgorithm)),
  })
  .check(hasDistinctKids)

const head = {
  version: z.literal(FORMAT_VERSION),
  id: text,
  issuer: text,
  revision,
  createdAt: moment,
}

const policy = z.strictObject({
  algorithm: z.enum(SIGNING_ALGORITHMS),
  custody: z.enum(CUSTODIES),
  rotationPeriodSeconds: duration,
  propagationDelaySeconds: duration,
  tokenTtlMaxSeconds: duration,
  jwksMaxAgeSeconds: duration,
})

const settling = z.exactOptional(
  z.strictObject({
    revision,
    jwksMaxAgeSeconds: duration,
    tokenTtlMaxSeconds: duration,
    mintedTtlMaxSeconds: duration,
    seenAt: z.exactOptional(moment),
  }),
)

export const storedIssuer = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('issuer'),
    policy,
    settling,
    ring,
    updatedAt: moment,
    writeNonce: text,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('tombstone'),
    deletedAt: moment,
    reason: z.exactOptional(z.string()),
    kids: z.array(text),
    leftovers: z.array(leftover),
    writeNonce: text,
  }),
])

export const publicCopy = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('issuer'),
    policy,
    settling,
    ring: publicRing,
  }),
  z.strictObject({ ...head, kind: z.literal('tombstone'), deletedAt: moment }),
])
