/**
 * The entries of a key ring: keys and their moments.
 *
 * Only moments are stored, in Unix seconds; every state is derived from them (`keyring/`). Keys of our own and adopted
 * ones are of different types and in different lists: what signs cannot be handed an adopted key.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { PublicJwk } from '../crypto/public-jwk.ts'
import type { PublishedAlgorithmName } from '../crypto/published-algorithms.ts'
import type { KeyCustody, KeyRef } from '../signers/key-manager.ts'

/** What the JWK Set shows of a key, whoever signs with it. */
export interface PublishedKey {
  readonly kid: string
  readonly alg: PublishedAlgorithmName
  readonly publicJwk: PublicJwk
}

/** What everyone may know of a key of our own: what its JWK Set entry and its state are made from. */
export interface PublicKeyRecord extends PublishedKey {
  readonly alg: SigningAlgorithm
  /** Since when it is a member of the JWK Set: since it was written into the ring. */
  readonly publishedAt: number
  /** When it starts to sign; unset while that is not decided. */
  readonly activatesAt?: number
  /** From then on it is neither published nor signs. */
  readonly revokedAt?: number
}

/** A key of our own, with the way to its private part. */
export interface KeyRecord extends PublicKeyRecord {
  readonly custody: KeyCustody
  readonly keyRef: KeyRef
  /** The nonce of its place in the ring; bound into its protection. */
  readonly slot: string
}

/** A cluster's own public key, which we publish and which never signs here. */
export interface PublicAdoptedKey extends PublishedKey {
  /** Since when it is a member of the JWK Set. */
  readonly publishedAt: number
  /** That it is no longer in the cluster's set; unset while it is. */
  readonly withdrawal?: Withdrawal
}

export interface Withdrawal {
  readonly at: number
  /** From then on it is no longer a member of the JWK Set. */
  readonly publishedUntil: number
}

export interface AdoptedKeyRecord extends PublicAdoptedKey {
  /** base64url(SHA-256(DER SubjectPublicKeyInfo)): the `kid` that Kubernetes would derive. */
  readonly fingerprint: string
}

/** What is kept for ever of a key that left the ring. */
export interface FormerKey {
  readonly kid: string
  readonly fingerprint: string
  readonly origin: 'own' | 'adopted'
  readonly revokedAt?: number
}
