/**
 * ECDSA over P-256 for a digest that was made elsewhere, which neither `node:crypto` nor WebCrypto offers.
 *
 * For tests alone: its arithmetic takes as long as its numbers make it.
 */

import { Buffer } from 'node:buffer'
import { createECDH, randomBytes, type KeyObject } from 'node:crypto'

/** The order of P-256 (NIST SP 800-186 §3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** A DER signature (RFC 3279 §2.2.3). FIPS 186-5 §6.4.1. */
export function signDigest(privateKey: KeyObject, digest: Buffer): Buffer {
  const { d: secret = '' } = privateKey.export({ format: 'jwk' })
  const nonce = randomBytes(32)
  const k = numberOf(nonce)
  if (k === 0n || k >= ORDER) return signDigest(privateKey, digest)
  const point = createECDH('prime256v1')
  point.setPrivateKey(nonce)
  const r = numberOf(point.getPublicKey().subarray(1, 33)) % ORDER
  const sum = numberOf(digest) + r * numberOf(Buffer.from(secret, 'base64url'))
  return der(0x30, Buffer.concat([integer(r), integer((inverse(k) * sum) % ORDER)]))
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}

/** `k` to the power of the order less 2, which is its inverse since the order is prime. */
function inverse(k: bigint): bigint {
  const bits = (ORDER - 2n).toString(2)
  const step = (power: bigint, bit: string) =>
    (((power * power) % ORDER) * (bit === '1' ? k : 1n)) % ORDER
  return Array.from(bits).reduce(step, 1n)
}

/** A positive INTEGER: an octet of zeros goes before one whose first bit is set. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  const zeros = bytes.readUInt8(0) > 0x7f ? 1 : 0
  return der(0x02, Buffer.concat([Buffer.alloc(zeros), bytes]))
}

function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content])
}
