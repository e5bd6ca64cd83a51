/**
 * Bytes and base64url without padding (RFC 7515 §2), on what every host has.
 */

import { base64url } from 'jose'

export type Bytes = Uint8Array<ArrayBuffer>

export function encodeBase64Url(bytes: Uint8Array): string {
  return base64url.encode(bytes)
}

/** Throws a `TypeError` on anything but the one text that encodes some bytes. */
export function decodeBase64Url(text: string): Bytes {
  const bytes = new Uint8Array(base64url.decode(text))
  if (encodeBase64Url(bytes) !== text) throw new TypeError('not base64url in its one form')
  return bytes
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}

/** `byteCount` random bytes as base64url. */
export function randomBase64Url(byteCount: number): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(byteCount)))
}
