/**
 * The algorithms that a published key may verify, as a table (RFC 7518 §3.1).
 *
 * What AWS takes: PKCS #1 and ECDSA, no PSS and no EdDSA. We sign with two of them (`algorithms.ts`); a cluster may sign
 * with any.
 */

export interface PublishedAlgorithm {
  readonly kty: 'RSA' | 'EC'
  /** The curve that belongs to it; RSA has none. */
  readonly crv?: EcCurve
  /** WebCrypto parameters to import a key, and to verify with it. */
  readonly import: RsaHashedImportParams | EcKeyImportParams
  readonly verify: AlgorithmIdentifier | EcdsaParams
  /** Of a signature, r and s side by side (RFC 7518 §3.4); with RSA it is the key that decides. */
  readonly signatureBytes?: number
}

export const EC_CURVES = ['P-256', 'P-384', 'P-521'] as const
export type EcCurve = (typeof EC_CURVES)[number]

const rsa = (hash: string) =>
  ({
    kty: 'RSA',
    import: { name: 'RSASSA-PKCS1-v1_5', hash },
    verify: { name: 'RSASSA-PKCS1-v1_5' },
  }) as const
const ecdsa = <C extends EcCurve>(crv: C, hash: string, signatureBytes: number) =>
  ({
    kty: 'EC',
    crv,
    import: { name: 'ECDSA', namedCurve: crv },
    verify: { name: 'ECDSA', hash },
    signatureBytes,
  }) as const

/** Of each key type the first one is what Kubernetes signs with. */
export const PUBLISHED_ALGORITHMS = {
  RS256: rsa('SHA-256'),
  RS384: rsa('SHA-384'),
  RS512: rsa('SHA-512'),
  ES256: ecdsa('P-256', 'SHA-256', 64),
  ES384: ecdsa('P-384', 'SHA-384', 96),
  ES512: ecdsa('P-521', 'SHA-512', 132),
} as const satisfies Record<string, PublishedAlgorithm>

export type PublishedAlgorithmName = keyof typeof PUBLISHED_ALGORITHMS

export const PUBLISHED_ALGORITHM_NAMES = Object.keys(
  PUBLISHED_ALGORITHMS,
) as readonly PublishedAlgorithmName[]

export function isPublishedAlgorithm(name: unknown): name is PublishedAlgorithmName {
  return typeof name === 'string' && Object.hasOwn(PUBLISHED_ALGORITHMS, name)
}

/** The algorithms that a public key can verify; the first is the one that Kubernetes would use. */
export function algorithmsOf(jwk: {
  readonly kty: string
  readonly crv?: string
}): PublishedAlgorithmName[] {
  return PUBLISHED_ALGORITHM_NAMES.filter((name) => {
    const algorithm: PublishedAlgorithm = PUBLISHED_ALGORITHMS[name]
    return algorithm.kty === jwk.kty && algorithm.crv === jwk.crv
  })
}
