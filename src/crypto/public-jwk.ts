/**
 * A public key as the JWK Set shows it, without `kid`, `alg` and `use` (RFC 7517, RFC 7518 §6).
 */

import type { EcCurve } from './published-algorithms.ts'

export type PublicJwk =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: EcCurve; readonly x: string; readonly y: string }

/** The members that make the key, and no other that came with them. */
export function publicJwkOf(jwk: PublicJwk): PublicJwk {
  if (jwk.kty === 'RSA') return { kty: jwk.kty, n: jwk.n, e: jwk.e }
  return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }
}

/** Whether two keys are the same material. Each number has one encoding here: what is stored is canonical. */
export function isSameKey(a: PublicJwk, b: PublicJwk): boolean {
  return JSON.stringify(publicJwkOf(a)) === JSON.stringify(publicJwkOf(b))
}
