/**
 * The ports to private keys.
 *
 * A key manager makes keys and opens them; a signer signs with one. The core holds key references and public
 * keys, never private key material.
 */

import type { Bytes } from '../crypto/base64url.ts'
import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { PublicJwk } from '../crypto/public-jwk.ts'

/** Names a key inside its key manager; opaque to everything else. */
export type KeyRef = string & { readonly __brand: 'KeyRef' }

/**
 * Where private keys live. `kms`: in AWS KMS, which signs. `kms-wrapped`: beside the ring, encrypted under a key of AWS KMS.
 * `sealed`: beside the ring, encrypted under the installation's secret.
 */
export const KEY_CUSTODIES = ['kms', 'kms-wrapped', 'sealed'] as const
export type KeyCustody = (typeof KEY_CUSTODIES)[number]

/** What an issuer may choose. `none`: it has no key of its own and publishes a cluster's. */
export const CUSTODIES = [...KEY_CUSTODIES, 'none'] as const
export type Custody = (typeof CUSTODIES)[number]

/** What a key is bound to for life: it opens for this issuer, slot and algorithm alone. */
export interface KeyBinding {
  readonly issuerId: string
  /** The nonce of the key's place in the ring, unique in the installation. */
  readonly slot: string
  readonly alg: SigningAlgorithm
}

export interface CreatedKey {
  readonly keyRef: KeyRef
  readonly kid: string
  readonly publicJwk: PublicJwk
}

export interface Signer {
  /**
   * The JWS signature over `data` (RFC 7515 §5.1): PKCS #1 for RS256, r‖s for ES256. Rejects with fault `key_disabled` where
   * the key was disabled since its document was read, and with the other faults of keys.
   */
  sign(data: Bytes): Promise<Bytes>
}

export interface KeyManager {
  readonly custody: KeyCustody
  /**
   * Where a key is when nobody has its reference. `reference`: nowhere, so a reference that is never written leaves nothing
   * behind. `service`: where it was made, until somebody finds it by its tags and has it deleted.
   */
  readonly keeps: 'reference' | 'service'
  /** Makes a new key; the reference is the way to it. Rejects with the faults of `errors.ts` that name keys. */
  create(binding: KeyBinding): Promise<CreatedKey>
  /** Rejects with fault `key_unavailable` when the reference is not of this manager or of another binding. */
  open(keyRef: KeyRef, binding: KeyBinding): Promise<Signer>
  /**
   * The same key under the present protection, or `undefined` where its reference is up to date. Rejects with fault
   * `key_unavailable` as `open` does; whether a service still has the key is not asked.
   */
  renew(keyRef: KeyRef, binding: KeyBinding): Promise<KeyRef | undefined>
  /**
   * Has the key's own place stop signing with it, until an administrator of that place takes it back. Nothing to do where
   * the key is in its reference. Doing it twice is doing it once; rejects like `open`.
   */
  disable(keyRef: KeyRef, binding: KeyBinding): Promise<void>
  /**
   * Has the key deleted after the longest wait that its place has, during which that can be taken back. Only for a key whose
   * reference no document has any more. Twice is once; rejects like `open`.
   */
  scheduleDeletion(keyRef: KeyRef, binding: KeyBinding): Promise<void>
}
