/**
 * A public key that subject tokens are verified with, wherever it comes from.
 */

import type { PublicJwk } from '../crypto/public-jwk.ts'
import type { PublishedAlgorithmName } from '../crypto/published-algorithms.ts'

export interface VerificationKey {
  readonly kid: string
  /** base64url(SHA-256(DER SubjectPublicKeyInfo)): tells keys apart by what they are. */
  readonly fingerprint: string
  readonly publicJwk: PublicJwk
  /** What it may verify: its own `alg`, or whatever goes with its type where it says none. */
  readonly algorithms: readonly PublishedAlgorithmName[]
}
