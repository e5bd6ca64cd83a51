/**
 * The fingerprint of a public key: what tells keys apart by what they are, whatever they are called.
 */

import { kidOfSpki } from './kid.ts'
import type { PublicJwk } from './public-jwk.ts'
import { PUBLISHED_ALGORITHMS, type PublishedAlgorithmName } from './published-algorithms.ts'

/** base64url(SHA-256(DER SubjectPublicKeyInfo)); `undefined` for numbers that make no key: a point beside its curve, say. */
export async function fingerprintOf(
  publicJwk: PublicJwk,
  alg: PublishedAlgorithmName,
): Promise<string | undefined> {
  try {
    const { import: parameters } = PUBLISHED_ALGORITHMS[alg]
    const key = await crypto.subtle.importKey('jwk', publicJwk, parameters, true, ['verify'])
    return await kidOfSpki(new Uint8Array(await crypto.subtle.exportKey('spki', key)))
  } catch {
    return undefined
  }
}
