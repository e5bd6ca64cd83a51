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

/** Where private keys live. `sealed`: encrypted under the installation's secret, beside the ring. */
export const KEY_CUSTODIES = ['sealed'] as const
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
  /** The JWS signature over `data` (RFC 7515 §5.1): PKCS #1 for RS256, r‖s for ES256. */
  sign(data: Bytes): Promise<Bytes>
}

export interface KeyManager {
  readonly custody: KeyCustody
  /** Makes a new key; the reference is the only way to it. */
  create(binding: KeyBinding): Promise<CreatedKey>
  /** Rejects with fault `key_unavailable` when the reference is not of this manager or of another binding. */
  open(keyRef: KeyRef, binding: KeyBinding): Promise<Signer>
  /**
   * The same key under the present protection, or `undefined` where its reference is up to date.
   * Rejects like `open`.
   */
  renew(keyRef: KeyRef, binding: KeyBinding): Promise<KeyRef | undefined>
}
