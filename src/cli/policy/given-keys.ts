/**
 * Keys of a subject issuer that are given as a file, in place of those that a host would fetch.
 */

import { isJsonObject, parseJson } from '../../json.ts'
import { CONTROL_BODY_BYTES_MAX, KEY_SET_KEYS_MAX } from '../../limits.ts'
import { readVerificationKey } from '../../subject-tokens/read-verification-key.ts'
import type { VerificationKey } from '../../subject-tokens/verification-key.ts'
import { usageError } from '../exit.ts'
import { readInput } from '../input-text.ts'

/** Members that verify nothing are left out, as a host leaves them out. Rejects with a usage error where none is left. */
export async function readGivenKeys(file: string): Promise<readonly VerificationKey[]> {
  const text = await readInput({ file, what: 'a JWK Set', bytesMax: CONTROL_BODY_BYTES_MAX })
  const set = text === undefined ? undefined : parseJson(text)
  const members: unknown = isJsonObject(set) ? set['keys'] : undefined
  if (!Array.isArray(members) || members.length === 0 || members.length > KEY_SET_KEYS_MAX) {
    throw usageError(
      `--jwks must be a JWK Set ({"keys":[…]}) of 1 to ${KEY_SET_KEYS_MAX} public keys, got something else: save what the issuer's jwks_uri answers`,
    )
  }
  const read = await Promise.all(members.filter(isJsonObject).map(readVerificationKey))
  const keys = read.flatMap((each) => (each.ok ? [each.value] : []))
  if (keys.length > 0) return keys
  throw usageError(
    '--jwks must have a public key that verifies signatures (RSA of at least 2048 bits, or EC on a NIST curve), got none: save what the jwks_uri of the issuer answers',
  )
}
