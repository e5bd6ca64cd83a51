/**
 * Signatures of subject tokens, by WebCrypto, with keys that were imported once.
 */

import { PUBLISHED_ALGORITHMS, type PublishedAlgorithm } from '../crypto/published-algorithms.ts'
import type { SubjectToken } from './compact-token.ts'
import type { VerificationKey } from './verification-key.ts'

/** Never rejects: a key that cannot be imported verifies nothing. */
export type SignatureVerifier = (
  key: Pick<VerificationKey, 'fingerprint' | 'publicJwk'>,
  token: Pick<SubjectToken, 'alg' | 'signed' | 'signature'>,
) => Promise<boolean>

const encoder = new TextEncoder()

/** Imported keys in memory: some 2 KB each; importing one costs half a verification. */
const IMPORTED_KEYS_MAX = 1000

export function signatureVerifier(keysMax: number = IMPORTED_KEYS_MAX): SignatureVerifier {
  // By fingerprint and alg. No promises: one of another request must not be waited for on Workers.
  const imported = new Map<string, CryptoKey>()

  async function importOnce(
    { fingerprint, publicJwk }: Pick<VerificationKey, 'fingerprint' | 'publicJwk'>,
    alg: SubjectToken['alg'],
  ): Promise<CryptoKey> {
    const parameters = PUBLISHED_ALGORITHMS[alg].import
    const key = await crypto.subtle.importKey('jwk', publicJwk, parameters, false, ['verify'])
    imported.set(`${alg} ${fingerprint}`, key)
    for (const oldest of imported.keys()) {
      if (imported.size <= keysMax) break
      imported.delete(oldest)
    }
    return key
  }

  return async (key, { alg, signed, signature }) => {
    const { verify, signatureBytes }: PublishedAlgorithm = PUBLISHED_ALGORITHMS[alg]
    if (signatureBytes !== undefined && signature.length !== signatureBytes) return false
    try {
      const cryptoKey = imported.get(`${alg} ${key.fingerprint}`) ?? (await importOnce(key, alg))
      return await crypto.subtle.verify(verify, cryptoKey, signature, encoder.encode(signed))
    } catch {
      return false
    }
  }
}
