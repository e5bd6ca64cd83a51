/**
 * SHA-256, in the two forms that are compared and shown.
 */

import { type Bytes, encodeBase64Url } from './base64url.ts'

/** A way to hash: WebCrypto's is another thread's on Node, and the way there costs more than hashing a token. */
export type Sha256 = (data: Bytes) => Bytes | Promise<Bytes>

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data))
}

export async function sha256Base64Url(data: Bytes): Promise<string> {
  return encodeBase64Url(await sha256(data))
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}
