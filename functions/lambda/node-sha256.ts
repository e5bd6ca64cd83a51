/**
 * SHA-256 by Node itself, in the thread that asks: a tenth of what the way through WebCrypto costs for a token.
 */

import { hash } from 'node:crypto'
import type { Bytes } from '../../src/crypto/base64url.ts'

export function nodeSha256(data: Bytes): Bytes {
  return Uint8Array.from(hash('sha256', data, 'buffer'))
}
