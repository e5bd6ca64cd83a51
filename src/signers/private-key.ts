/**
 * A private key in memory: for as long as it takes to import it, and then only inside WebCrypto, which gives it to nobody.
 */

import { ALGORITHMS, type SigningAlgorithm } from '../crypto/algorithms.ts'
import type { Bytes } from '../crypto/base64url.ts'
import type { Signer } from './key-manager.ts'

/** Overwrites the private key's bytes once they were used, also when their use failed. */
export async function wiping<T>(secretBytes: Bytes, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    secretBytes.fill(0)
  }
}

/** `pkcs8` is overwritten. Rejects when it is no key for `alg`. */
export async function signerOfPkcs8(pkcs8: Bytes, alg: SigningAlgorithm): Promise<Signer> {
  return wiping(pkcs8, async () => {
    const { import: parameters, sign } = ALGORITHMS[alg]
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign'])
    return { sign: async (data) => new Uint8Array(await crypto.subtle.sign(sign, key, data)) }
  })
}
