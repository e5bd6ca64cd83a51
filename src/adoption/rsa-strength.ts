/**
 * Whether an RSA public key is strong enough to be published, by its numbers (big-endian, RFC 7518 §6.3.1).
 */

import { ADOPTED_RSA_BITS_MAX, ADOPTED_RSA_BITS_MIN } from '../limits.ts'

/** Go, in which Kubernetes verifies, takes no larger exponent. */
const EXPONENT_BITS_MAX = 31

/** What is wrong with it, or `undefined`. Each number must be in its shortest form, so that a key has one. */
export function rsaProblem(modulus: Uint8Array, exponent: Uint8Array): string | undefined {
  if (modulus[0] === 0 || exponent[0] === 0) {
    return 'must have n and e without leading zero bytes (RFC 7518 §6.3.1), got some: export the key anew'
  }
  const bits = bitLength(modulus)
  if (bits < ADOPTED_RSA_BITS_MIN || bits > ADOPTED_RSA_BITS_MAX) {
    return `must have an RSA modulus of ${ADOPTED_RSA_BITS_MIN} to ${ADOPTED_RSA_BITS_MAX} bits, got ${bits}: sign with a key of the right size`
  }
  const exponentBits = bitLength(exponent)
  const isUsable = exponentBits >= 2 && exponentBits <= EXPONENT_BITS_MAX && isOdd(exponent)
  if (isUsable && isOdd(modulus)) return undefined
  return 'must have an odd RSA modulus and an odd exponent of at least 3 and at most 31 bits, got others: they make no RSA key'
}

function bitLength(bytes: Uint8Array): number {
  const [first = 0] = bytes
  return 8 * bytes.length - (Math.clz32(first) - 24)
}

function isOdd(bytes: Uint8Array): boolean {
  return ((bytes.at(-1) ?? 0) & 1) === 1
}
