/**
 * Whom a host trusts for subject tokens, as far as verifying one takes it. What its tokens are let in for is said elsewhere.
 */

import type { PublishedAlgorithmName } from '../crypto/published-algorithms.ts'
import type { VerificationKey } from './verification-key.ts'

export interface VerificationSource {
  /** Identity of the source, given by the operator. */
  readonly name: string
  /** `iss` of its tokens, compared byte by byte. */
  readonly issuer: string
  readonly keys: SourceKeys
  /** The only ones that are verified. */
  readonly algorithms: readonly PublishedAlgorithmName[]
  /** Where given, the one audience of its tokens. */
  readonly audience: string | undefined
  /** From `iat`. */
  readonly maxAgeSeconds: number
}

export type SourceKeys =
  | { readonly type: 'discovery'; readonly jwksHost: string | undefined }
  | { readonly type: 'jwks'; readonly keys: readonly VerificationKey[] }
  /** Those that the issuer has adopted. */
  | { readonly type: 'adopted' }
