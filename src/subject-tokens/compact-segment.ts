/**
 * One part of a compact JWS: base64url without padding (RFC 7515 §2), in its one spelling.
 *
 * Beside `crypto/base64url.ts` because a subject token is decoded on each exchange: `atob` is quick, and what it overlooks is
 * looked at here instead of encoding again to compare. What is ASCII never becomes an array of bytes, which costs more.
 */

import type { Bytes } from '../crypto/base64url.ts'

/** What a last character can be whose lowest four or two bits encode nothing. */
const LAST_OF_TWO = 'AQgw'
const LAST_OF_THREE = 'AEIMQUYcgkosw048'
const BEYOND_ASCII = /[\x80-\xff]/

/** The bytes as characters, one each; `undefined` where `segment` is no base64url, or not its one spelling. */
export function decodeSegment(segment: string): string | undefined {
  if (segment.includes('+') || segment.includes('/') || !endsCanonically(segment)) return undefined
  const binary = binaryOf(segment.replaceAll('-', '+').replaceAll('_', '/'))
  // Whitespace and padding, which `atob` leaves out, would make it shorter.
  return binary?.length === (segment.length * 3) >> 2 ? binary : undefined
}

/** Text as it is where that is ASCII, else bytes: what of them is UTF-8 is for others to say. */
export function asciiOrBytes(binary: string): string | Bytes {
  return BEYOND_ASCII.test(binary) ? bytesOf(binary) : binary
}

export function bytesOf(binary: string): Bytes {
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/** Bits that encode nothing are zero: else two spellings would be one signature. */
function endsCanonically(segment: string): boolean {
  const last = segment.slice(-1)
  switch (segment.length & 3) {
    case 0:
      return true
    case 2:
      return LAST_OF_TWO.includes(last)
    case 3:
      return LAST_OF_THREE.includes(last)
    default:
      return false
  }
}

function binaryOf(base64: string): string | undefined {
  try {
    return atob(base64)
  } catch {
    return undefined
  }
}
