/**
 * How long the public documents may be kept: the same on every answer and on every copy of them.
 *
 * Never `no-cache`: STS throttles itself against issuers that forbid caching.
 */

import type { IssuerPolicy } from '../issuers/policy.ts'
import { SHARED_MAX_AGE_SECONDS, STALE_IF_ERROR_SECONDS } from '../limits.ts'

/** The value of `Cache-Control` (RFC 9111 §5.2.2, RFC 5861 §4). */
export function cacheControlOf({
  jwksMaxAgeSeconds,
}: Pick<IssuerPolicy, 'jwksMaxAgeSeconds'>): string {
  const shared = Math.min(jwksMaxAgeSeconds, SHARED_MAX_AGE_SECONDS)
  return `public, max-age=${jwksMaxAgeSeconds}, s-maxage=${shared}, stale-if-error=${STALE_IF_ERROR_SECONDS}`
}
