/**
 * ECDSA signatures: from DER, as AWS KMS has them (RFC 3279 §2.2.3), to r‖s, as JWS has them (RFC 7518 §3.4).
 */

import type { Bytes } from '../../../crypto/base64url.ts'

const SEQUENCE = 0x30
const INTEGER = 0x02
/** Longer lengths take more than one byte; no signature for P-256 has one. */
const SHORT_LENGTH_MAX = 0x7f

/** `size`: bytes of each number, 32 for P-256. Throws a `TypeError` on anything but a DER signature of this size. */
export function joseSignatureOfDer(der: Bytes, size: number): Bytes {
  const content = valueAt(der, 0, SEQUENCE)
  const r = valueAt(der, content.start, INTEGER)
  const s = valueAt(der, r.end, INTEGER)
  if (content.end !== der.length || s.end !== content.end) throw noSignature()
  const joined = new Uint8Array(2 * size)
  joined.set(numberOf(der.subarray(r.start, r.end), size), 0)
  joined.set(numberOf(der.subarray(s.start, s.end), size), size)
  return joined
}

interface Extent {
  readonly start: number
  readonly end: number
}

function valueAt(der: Bytes, offset: number, tag: number): Extent {
  const length = der[offset + 1] ?? Number.POSITIVE_INFINITY
  const start = offset + 2
  const end = start + length
  if (der[offset] !== tag || length > SHORT_LENGTH_MAX || end > der.length) throw noSignature()
  return { start, end }
}

/** A positive number in its shortest form, to a fixed size. */
function numberOf(bytes: Uint8Array, size: number): Uint8Array {
  const [first = 0xff, second = 0] = bytes
  // The highest bit is the sign; one zero byte keeps a number positive. Before anything else, or alone, it is wrong: no
  // signature has a zero (FIPS 186-5 §6.4.1).
  const isPadded = first === 0
  if (first > 0x7f || (isPadded && second < 0x80)) throw noSignature()
  const digits = isPadded ? bytes.subarray(1) : bytes
  if (digits.length > size) throw noSignature()
  const number = new Uint8Array(size)
  number.set(digits, size - digits.length)
  return number
}

function noSignature(): TypeError {
  return new TypeError('not an ECDSA signature in DER of this size')
}
