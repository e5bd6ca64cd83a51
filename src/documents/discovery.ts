/**
 * The discovery document (OpenID Connect Discovery 1.0 §3; the same metadata serves RFC 8414 §2).
 *
 * Made from the stored issuer alone: nothing of a request reaches it.
 */

import type { PublishedAlgorithmName } from '../crypto/published-algorithms.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublishedKey } from '../issuers/key-record.ts'
import { tokenEndpointOf } from '../issuers/own-audiences.ts'
import { CLAIMS_SUPPORTED } from '../tokens/claims.ts'

export interface DiscoveryDocument {
  readonly issuer: string
  readonly jwks_uri: string
  readonly authorization_endpoint: string
  readonly token_endpoint?: string
  readonly token_endpoint_auth_methods_supported?: readonly string[]
  readonly grant_types_supported?: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly subject_types_supported: readonly string[]
  readonly claims_supported: readonly string[]
  readonly id_token_signing_alg_values_supported: readonly PublishedAlgorithmName[]
}

/** `published`: the keys of the issuer that are members of its JWK Set. */
export function buildDiscoveryDocument(
  { issuer, policy }: Pick<PublicIssuer, 'issuer' | 'policy'>,
  published: readonly PublishedKey[],
): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    // REQUIRED by §3 although nobody logs in here; EKS and kube-apiserver publish this URN.
    authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
    ...(policy.custody === 'none' ? {} : tokenEndpoint(issuer)),
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    claims_supported: CLAIMS_SUPPORTED,
    // From the keys that are published, so that what is promised is what is signed.
    id_token_signing_alg_values_supported: [...new Set(published.map(({ alg }) => alg))].toSorted(),
  }
}

/** Where an issuer has keys of its own. One that only publishes has no such endpoint, as EKS has none. */
function tokenEndpoint(
  issuer: string,
): Pick<
  DiscoveryDocument,
  'token_endpoint' | 'token_endpoint_auth_methods_supported' | 'grant_types_supported'
> {
  return {
    token_endpoint: tokenEndpointOf(issuer),
    // The subject token is the only credential. Without this member clients would assume a client secret.
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
  }
}
