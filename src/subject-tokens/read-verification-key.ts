/**
 * One member of a foreign JWK Set, read as a key that subject tokens are verified with.
 *
 * By the rules of adoption: a public RSA or EC key for signatures. A private, symmetric or weak one is refused.
 */

import { offeredJwk } from '../adoption/offered-key.ts'
import { fingerprintOf } from '../crypto/fingerprint.ts'
import { algorithmsOf, EC_CURVES } from '../crypto/published-algorithms.ts'
import type { JsonObject } from '../json.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import type { VerificationKey } from './verification-key.ts'

const NO_KEY = `must be an RSA public key of at least 2048 bits or an EC public key on ${EC_CURVES.join(', ')}, got numbers that make no key: export the key anew`

/** The message of a refusal goes on from the name of the key: "must be …, got …". */
export async function readVerificationKey(jwk: JsonObject): Promise<Outcome<VerificationKey>> {
  const offered = offeredJwk(jwk)
  if (!offered.ok) return offered
  const { publicJwk, alg } = offered.value
  const fingerprint = await fingerprintOf(publicJwk, alg)
  if (fingerprint === undefined) return refused('invalid_request', NO_KEY)
  return accepted({
    kid: offered.value.kid ?? fingerprint,
    fingerprint,
    publicJwk,
    algorithms: jwk['alg'] === undefined ? algorithmsOf(publicJwk) : [alg],
  })
}
