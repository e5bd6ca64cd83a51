/**
 * The signing algorithms, as a table (RFC 7518 §3.1).
 *
 * RS256 is what every relying party takes; ES256 by choice. Callers take an entry: nobody switches on `alg`.
 */

interface Algorithm {
  readonly kty: 'RSA' | 'EC'
  /** WebCrypto parameters to make a key, to import one, and to sign. */
  readonly generate: RsaHashedKeyGenParams | EcKeyGenParams
  readonly import: RsaHashedImportParams | EcKeyImportParams
  readonly sign: AlgorithmIdentifier | EcdsaParams
}

export const ALGORITHMS = {
  RS256: {
    kty: 'RSA',
    generate: {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    import: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    sign: { name: 'RSASSA-PKCS1-v1_5' },
  },
  ES256: {
    kty: 'EC',
    generate: { name: 'ECDSA', namedCurve: 'P-256' },
    import: { name: 'ECDSA', namedCurve: 'P-256' },
    sign: { name: 'ECDSA', hash: 'SHA-256' },
  },
} as const satisfies Record<string, Algorithm>

export type SigningAlgorithm = keyof typeof ALGORITHMS

export const SIGNING_ALGORITHMS = Object.keys(ALGORITHMS) as readonly SigningAlgorithm[]
