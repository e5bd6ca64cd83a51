/**
 * Bytes and base64 with padding (RFC 4648 §4), as services other than those of JOSE write them.
 */

import { decodeBase64Url, encodeBase64Url, type Bytes } from './base64url.ts'

const GROUP_CHARS = 4

export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / GROUP_CHARS) * GROUP_CHARS, '=')
}

/** Throws a `TypeError` on anything but the one text that encodes some bytes. */
export function decodeBase64(text: string): Bytes {
  const unpadded = text
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
  const bytes = decodeBase64Url(unpadded)
  if (encodeBase64(bytes) !== text) throw new TypeError('not base64 in its one form')
  return bytes
}
