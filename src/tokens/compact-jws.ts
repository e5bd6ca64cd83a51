/**
 * The compact serialization of a signed token (RFC 7515 §7.1, RFC 7519).
 *
 * The signature is made by a signer over the serialized header and claims; jose is not used here because it wants
 * the key, and a KMS key cannot be had.
 */

import { encodeBase64Url, encodeTextBase64Url, utf8 } from '../crypto/base64url.ts'
import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { Signer } from '../signers/key-manager.ts'
import type { ClaimsSet } from './claims.ts'

export interface TokenHeader {
  readonly alg: SigningAlgorithm
  readonly kid: string
  readonly typ: 'JWT'
}

/** What is signed: BASE64URL(header) || '.' || BASE64URL(claims). */
export function signingInput(header: TokenHeader, claims: ClaimsSet): string {
  return `${encodeJson(header)}.${encodeJson(claims)}`
}

export async function signToken(input: string, signer: Signer): Promise<string> {
  return `${input}.${encodeBase64Url(await signer.sign(utf8(input)))}`
}

function encodeJson(value: object): string {
  return encodeTextBase64Url(JSON.stringify(value))
}
