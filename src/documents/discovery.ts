/**
 * The discovery document (OpenID Connect Discovery 1.0 §3; the same metadata serves RFC 8414 §2).
 *
 * Made from the stored issuer alone: nothing of a request reaches it.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import { type PublicationBounds, retentionSeconds } from '../issuers/policy.ts'
import { publishedKeys } from '../keyring/key-status.ts'
import { CLAIMS_SUPPORTED } from '../tokens/claims.ts'

export interface DiscoveryDocument {
  readonly issuer: string
  readonly jwks_uri: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly token_endpoint_auth_methods_supported: readonly string[]
  readonly grant_types_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly subject_types_supported: readonly string[]
  readonly claims_supported: readonly string[]
  readonly id_token_signing_alg_values_supported: readonly SigningAlgorithm[]
}

export function buildDiscoveryDocument(
  { issuer, policy, ring }: PublicIssuer,
  bounds: PublicationBounds,
  now: number,
): DiscoveryDocument {
  const published = publishedKeys(ring.keys, retentionSeconds(policy, bounds), now)
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    // REQUIRED by §3 although nobody logs in here; EKS and kube-apiserver publish this URN.
    authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
    token_endpoint: `${issuer}/token`,
    // The subject token is the only credential. Without this member clients would assume a client secret.
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    claims_supported: CLAIMS_SUPPORTED,
    // From the keys that are published, so that what is promised is what is signed.
    id_token_signing_alg_values_supported: [...new Set(published.map(({ alg }) => alg))].toSorted(),
  }
}
