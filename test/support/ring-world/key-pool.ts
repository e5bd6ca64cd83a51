/**
 * Real keys by number, made when they are first asked for and shared by every history of a process.
 *
 * Real, so that the proof of a successor is one. RSA keys are short, which only makes them faster.
 */

import { ALGORITHMS, type SigningAlgorithm } from '../../../src/crypto/algorithms.ts'
import type { Bytes } from '../../../src/crypto/base64url.ts'
import { kidOfSpki } from '../../../src/crypto/kid.ts'
import { type PublicJwk, publicJwkOf } from '../../../src/crypto/public-jwk.ts'

export interface PoolKey {
  readonly kid: string
  readonly publicJwk: PublicJwk
  /** What must never leave the key's manager. */
  readonly secret: string
  readonly sign: (data: Bytes) => Promise<Bytes>
}

const RSA_BITS = 1024

const pools: Record<SigningAlgorithm, PoolKey[]> = { RS256: [], ES256: [] }

export async function pooledKey(alg: SigningAlgorithm, number: number): Promise<PoolKey> {
  const pool = pools[alg]
  for (;;) {
    const found = pool[number]
    if (found !== undefined) return found
    pool.push(await newKey(alg))
  }
}

async function newKey(alg: SigningAlgorithm): Promise<PoolKey> {
  const { generate, sign } = ALGORITHMS[alg]
  const parameters =
    'modulusLength' in generate ? { ...generate, modulusLength: RSA_BITS } : generate
  const { publicKey, privateKey } = await crypto.subtle.generateKey(parameters, true, [
    'sign',
    'verify',
  ])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
  const jwk = await crypto.subtle.exportKey('jwk', privateKey)
  return {
    kid: await kidOfSpki(spki),
    publicJwk: publicJwkOf(jwk as PublicJwk),
    secret: String(jwk.d),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(sign, privateKey, data)),
  }
}
