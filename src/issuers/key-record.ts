/**
 * One entry of a key ring: a key and its moments.
 *
 * Only moments are stored, in Unix seconds; every state is derived from them (`key-status.ts`).
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { Custody, KeyRef, PublicJwk } from '../signers/key-manager.ts'

/** What everyone may know of a key: what its JWK Set entry and its state are made from. */
export interface PublicKeyRecord {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly publicJwk: PublicJwk
  /** Since when it is a member of the JWK Set: since it was written into the ring. */
  readonly publishedAt: number
  /** When it starts to sign; unset while that is not decided. */
  readonly activatesAt?: number
  /** From then on it is neither published nor signs. */
  readonly revokedAt?: number
}

/** A key of our own, with the way to its private part. */
export interface KeyRecord extends PublicKeyRecord {
  readonly custody: Custody
  readonly keyRef: KeyRef
  /** The nonce of its place in the ring; bound into its protection. */
  readonly slot: string
}
