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

/** A key at its own place, found by what it says of itself there. */
export interface FoundKey {
  readonly binding: KeyBinding
  readonly keyRef: KeyRef
  readonly createdAt: number
  /** `other`: its place cannot say yet, or not now, what becomes of it. */
  readonly state: 'enabled' | 'disabled' | 'pending_deletion' | 'other'
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
   * Whether a reference is under an earlier protection, told without opening its key; absent where none ever is. Says nothing
   * of whether the key opens.
   */
  isOutdated?(keyRef: KeyRef): Promise<boolean>
  /**
   * Has the key's own place stop signing with it, until an administrator of that place takes it back. Nothing to do where
   * the key is in its reference. Doing it twice is doing it once; rejects like `open`.
   */
  disable(keyRef: KeyRef, binding: KeyBinding): Promise<void>
  /**
   * Has the key deleted after `windowDays`, during which that can be taken back. Only for a key whose reference no document
   * has any more. Twice is once, and the first window stays; rejects like `open`.
   *
   * @default the longest window (`DELETION_WINDOW_DAYS`)
   */
  scheduleDeletion(keyRef: KeyRef, binding: KeyBinding, windowDays?: number): Promise<void>
  /**
   * Takes a scheduled deletion back; the key stays disabled. Nothing to do where none is scheduled, so twice is once. Rejects
   * like `open`, and with fault `key_unavailable` where the key is gone.
   */
  cancelDeletion(keyRef: KeyRef, binding: KeyBinding): Promise<void>
  /**
   * The keys at the keys' own place that say of themselves to be of this installation and of one of these slots; none where
   * keys are in their references. A key that was made a moment ago may be missing. The search may end once every slot has a
   * key that is not about to be deleted, so of two keys of one slot one may be missing as well.
   */
  find(slots: ReadonlySet<string>): Promise<FoundKey[]>
}
