/**
 * The JWK Set (RFC 7517 §5), rendered from the ring and the time.
 */

import type { PublicIssuer } from '../issuers/issuer-document.ts'
import { type PublicationBounds, retentionSeconds } from '../issuers/policy.ts'
import { publishedKeys } from '../keyring/key-status.ts'

/** Members in the order in which EKS publishes them. */
export interface PublishedJwk {
  readonly kty: string
  readonly kid: string
  readonly use: 'sig'
  readonly alg: string
  readonly [parameter: string]: string
}

export function buildJwkSet(
  issuer: PublicIssuer,
  bounds: PublicationBounds,
  now: number,
): { readonly keys: readonly PublishedJwk[] } {
  const retention = retentionSeconds(issuer.policy, bounds)
  const keys = publishedKeys(issuer.ring.keys, retention, now)
  return {
    keys: keys.map(({ kid, alg, publicJwk: { kty, ...parameters } }) => ({
      kty,
      kid,
      use: 'sig' as const,
      alg,
      ...parameters,
    })),
  }
}
