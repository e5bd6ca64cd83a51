/**
 * The nonce of a key's place in its ring.
 */

import { randomBase64Url } from '../crypto/base64url.ts'

/** 128 bits: unique without asking anyone. */
const SLOT_BYTES = 16

export function newSlot(): string {
  return randomBase64Url(SLOT_BYTES)
}
