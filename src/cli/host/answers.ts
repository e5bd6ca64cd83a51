/**
 * The answers of the control API, as forms: what a host sends is checked before it is used or shown.
 *
 * Members that a later host adds are left out rather than refused.
 */

import * as z from 'zod/mini'
import { isIssuerId } from '../../issuers/issuer-id.ts'
import { ISSUER_IDENTIFIER_CHARS_MAX, REASON_CHARS_MAX } from '../../limits.ts'

const ownKey = z.object({
  // Hosts of version 0.1 knew no other and did not say it.
  origin: z._default(z.literal('own'), 'own'),
  kid: z.string(),
  alg: z.string(),
  custody: z.string(),
  status: z.string(),
  publishedAt: z.int(),
  // Hosts that do not rotate leave out what a rotation decides.
  firstSeenAt: z.optional(z.int()),
  activatesAt: z.optional(z.int()),
  supersededAt: z.optional(z.int()),
  retiresAt: z.optional(z.int()),
  revokedAt: z.optional(z.int()),
})

const adoptedKey = z.object({
  origin: z.literal('adopted'),
  kid: z.string(),
  alg: z.string(),
  fingerprint: z.string(),
  status: z.string(),
  publishedAt: z.int(),
  withdrawal: z.optional(z.object({ at: z.int(), publishedUntil: z.int() })),
})

const keyView = z.union([ownKey, adoptedKey])
export type KeyAnswer = z.infer<typeof keyView>

const policyAnswer = z.object({
  algorithm: z.string(),
  custody: z.string(),
  rotationPeriodSeconds: z.int(),
  propagationDelaySeconds: z.int(),
  tokenTtlMaxSeconds: z.int(),
  jwksMaxAgeSeconds: z.int(),
})

export const issuerAnswer = z.object({
  id: z.string(),
  issuer: z.string(),
  revision: z.int(),
  createdAt: z.int(),
  updatedAt: z.int(),
  policy: policyAnswer,
  keys: z.array(keyView),
})
export type IssuerAnswer = z.infer<typeof issuerAnswer>

/** A list is kept whole, so what is in it is bounded. */
const PROBLEM_CHARS_MAX = 2000
const issuerId = z.string().check(z.refine(isIssuerId))
const identifier = z.string().check(z.maxLength(ISSUER_IDENTIFIER_CHARS_MAX))

const unreadable = z.object({
  id: issuerId,
  problem: z.string().check(z.maxLength(PROBLEM_CHARS_MAX)),
})

const liveEntry = z.object({ id: issuerId, issuer: identifier, createdAt: z.int() })

const listEntry = z.union([unreadable, liveEntry])
export type ListEntryAnswer = z.infer<typeof listEntry>

export const listAnswer = z.object({ issuers: z.array(listEntry), next: z.nullable(issuerId) })

const deletedEntry = z.union([
  unreadable,
  z.object({
    id: issuerId,
    issuer: identifier,
    deletedAt: z.int(),
    reason: z.optional(z.string().check(z.maxLength(REASON_CHARS_MAX))),
  }),
])
export type DeletedEntryAnswer = z.infer<typeof deletedEntry>

/** Hosts of version 0.1 list the issuers that there are, whichever list is asked for. */
export const deletedListAnswer = z.object({
  issuers: z.array(z.union([deletedEntry, liveEntry])),
  next: z.nullable(issuerId),
})

export const momentAnswer = z.object({ at: z.int(), what: z.string() })
export type MomentAnswer = z.infer<typeof momentAnswer>

const leftoverAnswer = z.object({
  slot: z.string(),
  alg: z.string(),
  custody: z.string(),
  forgottenAt: z.int(),
  kid: z.optional(z.string()),
  deletion: z.optional(z.object({ scheduledAt: z.int(), windowDays: z.int() })),
  keptAt: z.optional(z.int()),
})

/** Hosts that do not rotate say the first three alone. */
export const keysAnswer = z.object({
  id: z.string(),
  revision: z.int(),
  keys: z.array(keyView),
  status: z.optional(z.string()),
  nextMoment: z.optional(z.nullable(momentAnswer)),
  policy: z.optional(policyAnswer),
  settling: z.optional(
    z.object({
      revision: z.int(),
      jwksMaxAgeSeconds: z.int(),
      tokenTtlMaxSeconds: z.int(),
      mintedTtlMaxSeconds: z.int(),
      seenAt: z.optional(z.int()),
    }),
  ),
  publication: z.optional(
    z.object({ documentStalenessSeconds: z.int(), lastGoodSeconds: z.int() }),
  ),
  retentionSeconds: z.optional(z.int()),
  everPublished: z.optional(z.boolean()),
  reservation: z.optional(z.object({ alg: z.string(), custody: z.string(), reservedAt: z.int() })),
  leftovers: z.optional(z.array(leftoverAnswer)),
})
export type KeysAnswer = z.infer<typeof keysAnswer>

export const deletedAnswer = z.object({
  id: z.string(),
  issuer: z.string(),
  deletedAt: z.int(),
  reason: z.optional(z.string()),
})
export type DeletedAnswer = z.infer<typeof deletedAnswer>

export const mintedAnswer = z.object({
  token: z.string().check(z.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)),
  expiresIn: z.int(),
  kid: z.string(),
  alg: z.string(),
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.int(),
  jti: z.string(),
})
export type MintedAnswer = z.infer<typeof mintedAnswer>

/** Of an exchange policy the names of its entries; what a later host adds to them is kept. */
export const exchangePolicyAnswer = z.object({
  id: z.string(),
  revision: z.int(),
  updatedAt: z.optional(z.int()),
  policy: z.object({ entries: z.array(z.looseObject({ name: z.string() })) }),
  remarks: z.array(z.string()),
  dryRun: z.optional(z.boolean()),
})
export type ExchangePolicyAnswer = z.infer<typeof exchangePolicyAnswer>

/** What is wrong with a policy, each in its place. */
export const policyProblemsAnswer = z.object({
  problems: z.array(
    z.object({
      path: z.array(z.union([z.string(), z.int()])),
      at: z.exactOptional(z.object({ line: z.int(), column: z.int() })),
      message: z.string(),
    }),
  ),
})
