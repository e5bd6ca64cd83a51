/**
 * Stored bytes ↔ issuer documents and public copies. Strict: an unknown member, a missing one or one of the wrong
 * form is a corrupt document, said by name.
 *
 * `docs/storage-schema.md` changes with this file.
 */

import * as z from 'zod/mini'
import { ALGORITHMS, SIGNING_ALGORITHMS } from '../crypto/algorithms.ts'
import { Fault } from '../errors.ts'
import { CLOCK_SKEW_SECONDS, SHOWN_PROBLEMS_MAX } from '../limits.ts'
import { shortened } from '../printable.ts'
import { CUSTODIES, type KeyRef } from '../signers/key-manager.ts'
import { FORMAT_VERSION, type PublicCopy, type StoredIssuer } from './issuer-document.ts'
import type { PublicKeyRecord } from './key-record.ts'

const moment = z.int().check(z.nonnegative())
const duration = z.int().check(z.nonnegative())
const text = z.string().check(z.minLength(1))

const publicJwk = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('RSA'), n: text, e: text }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: text, y: text }),
])

const publicKeyMembers = {
  kid: text,
  alg: z.enum(SIGNING_ALGORITHMS),
  publicJwk,
  publishedAt: moment,
  activatesAt: z.exactOptional(moment),
  revokedAt: z.exactOptional(moment),
}

const hasKeyOfItsAlgorithm = z.refine<PublicKeyRecord>(
  ({ alg, publicJwk: { kty } }) => ALGORITHMS[alg].kty === kty,
  { path: ['alg'] },
)

/** A key that signs before it is published signs what nobody can verify; clocks may differ by their skew. */
const isPublishedFirst = z.refine<PublicKeyRecord>(
  ({ publishedAt, activatesAt = Infinity }) => publishedAt <= activatesAt + CLOCK_SKEW_SECONDS,
  { path: ['activatesAt'] },
)

const hasDistinctKids = z.refine<readonly PublicKeyRecord[]>(
  (keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length,
)

const keyRecord = z.strictObject({
  ...publicKeyMembers,
  custody: z.enum(CUSTODIES),
  keyRef: z.pipe(
    text,
    z.transform((value) => value as KeyRef),
  ),
  slot: text,
})

const publicKey = z.strictObject(publicKeyMembers)

const head = {
  version: z.literal(FORMAT_VERSION),
  id: text,
  issuer: text,
  revision: z.int().check(z.positive()),
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

const storedIssuer = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('issuer'),
    policy,
    ring: z.strictObject({
      keys: z.array(keyRecord.check(hasKeyOfItsAlgorithm, isPublishedFirst)).check(hasDistinctKids),
    }),
    updatedAt: moment,
    writeNonce: text,
  }),
  z.strictObject({
    ...head,
    kind: z.literal('tombstone'),
    deletedAt: moment,
    reason: z.exactOptional(z.string()),
    kids: z.array(text),
    writeNonce: text,
  }),
])

const publicCopy = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('issuer'),
    policy,
    ring: z.strictObject({
      keys: z.array(publicKey.check(hasKeyOfItsAlgorithm, isPublishedFirst)).check(hasDistinctKids),
    }),
  }),
  z.strictObject({ ...head, kind: z.literal('tombstone'), deletedAt: moment }),
])

/** Throws fault `document_corrupt`, naming the issuer and the members that are wrong. */
export function parseStoredIssuer(id: string, body: string): StoredIssuer {
  return parse(STORED, id, body)
}

/** Throws fault `document_corrupt`, naming the issuer and the members that are wrong. */
export function parsePublicCopy(id: string, body: string): PublicCopy {
  return parse(COPY, id, body)
}

export function formatStoredIssuer(stored: StoredIssuer): string {
  return JSON.stringify(stored)
}

export function formatPublicCopy(copy: PublicCopy): string {
  return JSON.stringify(copy)
}

/** A kind of stored bytes: its form, and how messages speak of it. */
interface Format<T> {
  readonly schema: z.ZodMiniType<T>
  readonly name: string
  /** What to do about one that is corrupt. */
  readonly advice: string
}

const STORED: Format<StoredIssuer> = {
  schema: storedIssuer,
  name: 'the stored document',
  advice: 'restore it from a backup',
}

const COPY: Format<PublicCopy> = {
  schema: publicCopy,
  name: 'the public copy',
  advice: 'update the issuer, which makes its copy anew',
}

function parse<T extends { readonly id: string }>(format: Format<T>, id: string, body: string): T {
  const unreadable = (why: string, cause?: unknown): Fault =>
    new Fault('document_corrupt', `${format.name} of issuer ${id} cannot be read: ${why}`, {
      cause,
    })
  const corrupt = (what: string, cause?: unknown): Fault =>
    unreadable(`${what}; ${format.advice}`, cause)

  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (cause) {
    throw corrupt('it is not JSON', cause)
  }
  if (isOfNewerFormat(json)) throw unreadable('a newer version of Signet wrote it; run that one')
  const parsed = format.schema.safeParse(json)
  if (!parsed.success) throw corrupt(`wrong at ${membersOf(parsed.error)}`)
  if (parsed.data.id !== id) throw corrupt('it is of another issuer')
  return parsed.data
}

function isOfNewerFormat(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false
  const version: unknown = Reflect.get(json, 'version')
  return Number.isSafeInteger(version) && Number(version) > FORMAT_VERSION
}

/** Names alone: a value could be a key reference. What is stored was written by us, and may still be anything. */
function membersOf(error: z.core.$ZodError): string {
  const names = error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return keys.map((key) => [...issue.path, key].filter((part) => part !== undefined).join('.'))
  })
  const shown = names.map((name) => shortened(name) || 'the top level')
  return [...new Set(shown)].slice(0, SHOWN_PROBLEMS_MAX).join(', ')
}
