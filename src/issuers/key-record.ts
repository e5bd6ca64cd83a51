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
  /** When a rotation first saw it in the public documents; unset while it has not, and for a key that needs no such proof. */
  readonly firstSeenAt?: number
  /** When it starts to sign; unset while that is not decided. */
  readonly activatesAt?: number
  /** From then on it is neither published nor signs. */
  readonly revokedAt?: number
}

/** A key of our own, with the way to its private part. */
export interface KeyRecord extends PublicKeyRecord {
  /** The first revision that has it: no older document can show it. */
  readonly publishedRevision: number
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

/** The place of a key that is being made where it will be kept: written before the key is made, replaced by the key. */
export interface Reservation {
  readonly slot: string
  readonly alg: SigningAlgorithm
  readonly custody: KeyCustody
  readonly reservedAt: number
}

/** A key that is kept elsewhere, or may be, and that the ring has forgotten: left for the sweep. */
export interface Leftover {
  readonly slot: string
  readonly alg: SigningAlgorithm
  readonly custody: KeyCustody
  readonly forgottenAt: number
  /** Of a key that was in the ring. */
  readonly kid?: string
  /** Unset where nobody knows whether a key was made. */
  readonly keyRef?: KeyRef
  /** That its place was told to delete it. */
  readonly deletion?: { readonly scheduledAt: number; readonly windowDays: number }
  /** That its deletion was taken back: no sweep touches it again. */
  readonly keptAt?: number
}

/** What is kept for ever of a key that left the ring. */
export interface FormerKey {
  readonly kid: string
  readonly fingerprint: string
  readonly origin: 'own' | 'adopted'
  readonly revokedAt?: number
}
