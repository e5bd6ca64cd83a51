/**
 * What a reference says of a wrapped key: its ciphertext, and which key of AWS KMS encrypted it. The latter is not left to the
 * settings: an alias comes to mean another key, and what was wrapped before must open on.
 */

import { decodeBase64, encodeBase64 } from '../../../crypto/base64.ts'
import { type Bytes, utf8 } from '../../../crypto/base64url.ts'

export interface WrappedKey {
  readonly keyArn: string
  readonly ciphertext: Bytes
}

export function formatWrappedKey({ keyArn, ciphertext }: WrappedKey): Bytes {
  return utf8(`${keyArn} ${encodeBase64(ciphertext)}`)
}

/** `undefined` for what `formatWrappedKey` has not made. */
export function parseWrappedKey(bytes: Bytes): WrappedKey | undefined {
  const [keyArn = '', ciphertext = '', ...rest] = new TextDecoder().decode(bytes).split(' ')
  if (keyArn === '' || ciphertext === '' || rest.length > 0) return undefined
  try {
    return { keyArn, ciphertext: decodeBase64(ciphertext) }
  } catch {
    return undefined
  }
}
