/**
 * The calls of AWS KMS that are used: one port, two transports (the SDK's client on Node, signed `fetch` on Workers).
 *
 * A transport does one attempt of one call; retries are above it (`retrying-kms.ts`), and so is what a call means.
 */

import type { Bytes } from '../../crypto/base64url.ts'

/** ARN, id or alias of a KMS key. */
export type KmsKeyId = string
export type KmsEncryptionContext = Readonly<Record<string, string>>

export interface KmsCreateKeyRequest {
  readonly keySpec: KmsSigningKeySpec
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  /** A key policy as JSON; that of KMS, which leaves everything to IAM, when `undefined`. */
  readonly policy: string | undefined
}

/** Asymmetric keys to sign and verify with; a data key pair takes the same names. */
export type KmsSigningKeySpec = 'RSA_2048' | 'ECC_NIST_P256'
export type KmsSigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256' | 'ECDSA_SHA_256'

export interface KmsSignRequest {
  readonly keyId: KmsKeyId
  /** SHA-256 of what is signed: a message itself may have 4,096 bytes only. */
  readonly digest: Bytes
  readonly algorithm: KmsSigningAlgorithm
}

export interface KmsDataKeyPairRequest {
  /** A symmetric key. */
  readonly keyId: KmsKeyId
  readonly keyPairSpec: KmsSigningKeySpec
  readonly encryptionContext: KmsEncryptionContext
}

export interface KmsDataKeyPair {
  /** ARN of the key that encrypted, which an alias may stop to name. */
  readonly keyArn: string
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Bytes
  /** A PKCS #8 key, encrypted. */
  readonly privateKeyCiphertext: Bytes
}

export interface KmsDecryptRequest {
  readonly keyId: KmsKeyId
  readonly ciphertext: Bytes
  readonly encryptionContext: KmsEncryptionContext
}

export interface KmsKeyPage {
  /** ARNs, in no order that is known. */
  readonly keyIds: readonly string[]
  /** Where the next page begins; `undefined` behind the last one. */
  readonly next: string | undefined
}

/** `other`: it is being made, or the store that has it does not answer. */
export type KmsKeyState = 'enabled' | 'disabled' | 'pending_deletion' | 'other'

export interface KmsKeyDescription {
  readonly arn: string
  readonly createdAt: number
  readonly keySpec: string
  readonly state: KmsKeyState
}

/** Every call rejects with `KmsError`, and ends when `signal` is aborted. */
export interface KmsApi {
  /** Resolves to the ARN. Not idempotent: two calls make two keys, so it is tried again only when it was throttled. */
  createKey(request: KmsCreateKeyRequest, signal: AbortSignal): Promise<string>
  /** Resolves to a DER SubjectPublicKeyInfo. */
  getPublicKey(keyId: KmsKeyId, signal: AbortSignal): Promise<Bytes>
  /** Resolves to a PKCS #1 signature, or to a DER one for ECDSA. */
  sign(request: KmsSignRequest, signal: AbortSignal): Promise<Bytes>
  disableKey(keyId: KmsKeyId, signal: AbortSignal): Promise<void>
  /** `windowDays`: 7 to 30; until then it can be cancelled. */
  scheduleKeyDeletion(keyId: KmsKeyId, windowDays: number, signal: AbortSignal): Promise<void>
  /** Takes a scheduled deletion back; the key is disabled then. Rejects as `disabled` where none is scheduled. */
  cancelKeyDeletion(keyId: KmsKeyId, signal: AbortSignal): Promise<void>
  /**
   * The account's keys in this region, other people's among them. `marker`: the `next` of the page before. Keys that were
   * made a moment ago may be missing.
   */
  listKeys(marker: string | undefined, signal: AbortSignal): Promise<KmsKeyPage>
  /** All of them. */
  listResourceTags(keyId: KmsKeyId, signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  /** Also of a key that is disabled or about to be deleted. */
  describeKey(keyId: KmsKeyId, signal: AbortSignal): Promise<KmsKeyDescription>
  generateDataKeyPair(request: KmsDataKeyPairRequest, signal: AbortSignal): Promise<KmsDataKeyPair>
  /** Resolves to the plaintext, which the caller overwrites. */
  decrypt(request: KmsDecryptRequest, signal: AbortSignal): Promise<Bytes>
}

export type KmsErrorCode =
  /** Over a quota; nothing was done. */
  | 'throttled'
  /** No answer, or an error of the service: whether anything was done is not known. */
  | 'unavailable'
  /** The caller may not do this, or is not known. */
  | 'denied'
  /** The key is disabled or about to be deleted. */
  | 'disabled'
  /** There is no such key. */
  | 'not_found'
  /** The ciphertext is not of this key and context. */
  | 'invalid_ciphertext'
  /** Anything else that KMS refuses. */
  | 'rejected'

/** Has the name of the service's error and never its message, which names accounts and keys. */
export class KmsError extends Error {
  override readonly name = 'KmsError'
  readonly code: KmsErrorCode
  readonly awsName: string

  constructor(code: KmsErrorCode, awsName: string) {
    super(`AWS KMS answered ${awsName}`)
    this.code = code
    this.awsName = awsName
  }
}
