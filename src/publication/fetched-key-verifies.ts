/**
 * The last proof before a key may sign: what it signed verifies against the key that was fetched, not the one we know.
 */

import { ALGORITHMS, type SigningAlgorithm } from '../crypto/algorithms.ts'
import type { Bytes } from '../crypto/base64url.ts'
import type { ObservedKey } from './observation.ts'

/** `signature`: as a signer gives it. False also for a key that is none, or one for another algorithm. */
export async function fetchedKeyVerifies(
  fetched: ObservedKey,
  alg: SigningAlgorithm,
  data: Bytes,
  signature: Bytes,
): Promise<boolean> {
  if (fetched.alg !== alg) return false
  const { import: parameters, sign } = ALGORITHMS[alg]
  try {
    const { publicJwk } = fetched
    const key = await crypto.subtle.importKey('jwk', publicJwk, parameters, false, ['verify'])
    return await crypto.subtle.verify(sign, key, signature, data)
  } catch {
    return false
  }
}
