/**
 * The exchange policy of an issuer: who may have which token (RFC 8693 leaves that to the deployment).
 *
 * As it is written, stored and shown. Not a trust policy: that is the IAM role's word. What stands behind `(CEL)` is an
 * expression over `claims`, `entry` and `request`; everything else is taken as it is.
 */

import type { PublishedAlgorithmName } from '../crypto/published-algorithms.ts'
import type { JsonObject } from '../json.ts'

export interface ExchangePolicy {
  readonly entries: readonly PolicyEntry[]
}

/** Whom an entry trusts. The key that verifies a subject token selects the entry. */
export interface TrustedSource {
  /** Identity of the source, given by the operator: a cluster's name, never a claim. A DNS label. */
  readonly name: string
  /** `iss` of its tokens, compared byte by byte. */
  readonly issuer: string
  readonly keys: PolicyKeys
  /** The only ones that are verified. */
  readonly algorithms: readonly PublishedAlgorithmName[]
  /** Where given, the one audience of its tokens; else either the issuer's identifier or its token endpoint. */
  readonly audience?: string
  /** From `iat`. Default: `SUBJECT_AGE_DEFAULT_SECONDS`. */
  readonly maxAgeSeconds?: number
  /** (CEL) Whether a verified token is let in: `true` and nothing else does. */
  readonly condition: string
}

export interface PolicyEntry extends TrustedSource {
  readonly token: TokenTemplate
}

export type PolicyKeys =
  /** Fetched through the issuer's discovery document. `jwksHost`: where its `jwks_uri` is, if not on the issuer's host. */
  | { readonly discovery: true; readonly jwksHost?: string }
  | { readonly jwks: { readonly keys: readonly JsonObject[] } }
  /** The keys that the issuer has adopted. */
  | { readonly adopted: true }

/** What the issued token says. */
export interface TokenTemplate {
  /** (CEL) `sub`. With more than one entry it begins with the entry's name and `:` or `/`. */
  readonly subject: string
  /** AWS session tags by key, each value (CEL). */
  readonly tags?: Readonly<Record<string, string>>
  /** Keys of `tags` that are passed on to further roles. */
  readonly transitiveTags?: readonly string[]
  /** (CEL) `https://aws.amazon.com/source_identity`. */
  readonly sourceIdentity?: string
  /** Further claims by name, each value (CEL). */
  readonly claims?: Readonly<Record<string, string>>
  /** Whom the token may be for; a request names one of them. */
  readonly audiences: readonly string[]
  /** Seconds. Default: an hour, or the issuer's maximum where that is less. */
  readonly ttl?: number
  /** Default: the token expires with its subject token at the latest. */
  readonly mayOutliveSubject?: boolean
}
