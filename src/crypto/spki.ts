/**
 * A public key as DER SubjectPublicKeyInfo, which is what key services hand out: its name and its JWK.
 */

import { ALGORITHMS, type SigningAlgorithm } from './algorithms.ts'
import type { Bytes } from './base64url.ts'
import { kidOfSpki } from './kid.ts'
import type { PublicJwk } from './public-jwk.ts'

export interface NamedPublicKey {
  readonly kid: string
  readonly publicJwk: PublicJwk
}

/** Rejects when `spki` is no key for `alg`. */
export async function publicKeyOfSpki(spki: Bytes, alg: SigningAlgorithm): Promise<NamedPublicKey> {
  const { import: parameters } = ALGORITHMS[alg]
  const key = await crypto.subtle.importKey('spki', spki, parameters, true, ['verify'])
  // Of the key as it was imported: a name that is derived from other bytes would be another key's.
  const canonical = new Uint8Array(await crypto.subtle.exportKey('spki', key))
  const { kty, n = '', e = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', key)
  const publicJwk: PublicJwk = kty === 'RSA' ? { kty, n, e } : { kty: 'EC', crv: 'P-256', x, y }
  return { kid: await kidOfSpki(canonical), publicJwk }
}
