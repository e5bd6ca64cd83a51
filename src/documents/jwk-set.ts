/**
 * The JWK Set (RFC 7517 §5), rendered from the keys that are published.
 */

import type { PublishedKey } from '../issuers/key-record.ts'

/** Members in the order in which EKS publishes them. */
export interface PublishedJwk {
  readonly kty: string
  readonly kid: string
  readonly use: 'sig'
  readonly alg: string
  readonly [parameter: string]: string
}

export interface JwkSet {
  readonly keys: readonly PublishedJwk[]
}

export function buildJwkSet(published: readonly PublishedKey[]): JwkSet {
  return {
    keys: published.map(({ kid, alg, publicJwk: { kty, ...parameters } }) => ({
      kty,
      kid,
      use: 'sig' as const,
      alg,
      ...parameters,
    })),
  }
}
