/**
 * Public keys as AWS KMS gives them out: their name and their JWK.
 */

import type { Bytes } from '../../crypto/base64url.ts'
import { type NamedPublicKey, publicKeyOfSpki } from '../../crypto/spki.ts'
import { Fault } from '../../errors.ts'
import type { KeyBinding } from '../../signers/key-manager.ts'

/** Rejects with fault `key_service_unavailable` when `spki` is no key for the binding's algorithm. */
export async function publicKeyOfKms(
  spki: Bytes,
  { issuerId, alg }: KeyBinding,
): Promise<NamedPublicKey> {
  try {
    return await publicKeyOfSpki(spki, alg)
  } catch {
    throw new Fault(
      'key_service_unavailable',
      `a key could not be made for issuer ${issuerId}: AWS KMS answered with something that is no public key for ${alg}`,
    )
  }
}
