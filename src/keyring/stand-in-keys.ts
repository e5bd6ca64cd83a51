/**
 * Public keys that stand in for real ones where only their size counts: nobody has a private key of them.
 */

import type { PublicJwk } from '../crypto/public-jwk.ts'
import {
  type EcCurve,
  PUBLISHED_ALGORITHMS,
  type PublishedAlgorithmName,
} from '../crypto/published-algorithms.ts'

/** Characters of a `kid` as Kubernetes derives it: SHA-256 in base64url. */
export const KID_CHARS = 43

const COORDINATE_CHARS: Readonly<Record<EcCurve, number>> = {
  'P-256': 43,
  'P-384': 64,
  'P-521': 88,
}

/** Of 2048 bits, as they are made here. */
const MODULUS_CHARS = 342

export function standInJwk(alg: PublishedAlgorithmName): PublicJwk {
  const algorithm = PUBLISHED_ALGORITHMS[alg]
  if (!('crv' in algorithm)) return { kty: 'RSA', n: 'A'.repeat(MODULUS_CHARS), e: 'AQAB' }
  const { crv } = algorithm
  const coordinate = 'A'.repeat(COORDINATE_CHARS[crv])
  return { kty: 'EC', crv, x: coordinate, y: coordinate }
}
