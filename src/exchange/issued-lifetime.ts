/**
 * For how long a token is issued. No clock.
 */

import {
  TOKEN_BACKDATE_SECONDS,
  TOKEN_TTL_DEFAULT_SECONDS,
  TOKEN_TTL_MIN_SECONDS,
} from '../limits.ts'

export interface LifetimeBounds {
  /** Of the policy, where it says one. */
  readonly ttl: number | undefined
  /** Of the issuer. */
  readonly ttlMaxSeconds: number
  /** Unix seconds; `undefined` where the token may outlive its subject token. */
  readonly subjectExpiresAt: number | undefined
}

/** From `iat`, which lies a little in the past; `undefined` where too little is left for a token. */
export function issuedTtlSeconds(
  { ttl = TOKEN_TTL_DEFAULT_SECONDS, ttlMaxSeconds, subjectExpiresAt = Infinity }: LifetimeBounds,
  now: number,
): number | undefined {
  const left = Math.floor(subjectExpiresAt) - (now - TOKEN_BACKDATE_SECONDS)
  const ttlSeconds = Math.min(ttl, ttlMaxSeconds, left)
  return ttlSeconds < TOKEN_TTL_MIN_SECONDS ? undefined : ttlSeconds
}
