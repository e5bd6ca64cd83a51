/**
 * Bytes and base64url without padding (RFC 7515 §2), on what every host has.
 */

import { base64url } from 'jose'

export type Bytes = Uint8Array<ArrayBuffer>

export function encodeBase64Url(bytes: Uint8Array): string {
  return base64url.encode(bytes)
}

const ASCII = /^[\0-\x7f]*$/

/** Of the text in UTF-8. Most texts that are encoded are ASCII, for which the runtime has a way of its own. */
export function encodeTextBase64Url(text: string): string {
  if (!ASCII.test(text)) return encodeBase64Url(utf8(text))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Throws a `TypeError` on anything but the one text that encodes some bytes. */
export function decodeBase64Url(text: string): Bytes {
  const bytes = new Uint8Array(base64url.decode(text))
  if (encodeBase64Url(bytes) !== text) throw new TypeError('not base64url in its one form')
  return bytes
}

const ENCODER = new TextEncoder()

export function utf8(text: string): Bytes {
  return ENCODER.encode(text)
}

/** `byteCount` random bytes as base64url. */
export function randomBase64Url(byteCount: number): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(byteCount)))
}
