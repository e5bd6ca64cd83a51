/**
 * AWS KMS as key managers use it: the calls of `KmsApi`, retried and bounded in time by whoever made it.
 */

import type { Bytes } from '../../crypto/base64url.ts'
import type {
  KmsCreateKeyRequest,
  KmsDataKeyPair,
  KmsDataKeyPairRequest,
  KmsDecryptRequest,
  KmsKeyDescription,
  KmsKeyId,
  KmsKeyPage,
  KmsSignRequest,
} from './kms-api.ts'

/** Every call rejects with `KmsError`, and says what its namesake of `KmsApi` says. */
export interface Kms {
  createKey(request: KmsCreateKeyRequest): Promise<string>
  /** Of a key that was made a moment ago, which KMS may not find yet. */
  getPublicKey(keyId: KmsKeyId): Promise<Bytes>
  sign(request: KmsSignRequest): Promise<Bytes>
  disableKey(keyId: KmsKeyId): Promise<void>
  scheduleKeyDeletion(keyId: KmsKeyId, windowDays: number): Promise<void>
  cancelKeyDeletion(keyId: KmsKeyId): Promise<void>
  listKeys(marker: string | undefined): Promise<KmsKeyPage>
  listResourceTags(keyId: KmsKeyId): Promise<Readonly<Record<string, string>>>
  describeKey(keyId: KmsKeyId): Promise<KmsKeyDescription>
  generateDataKeyPair(request: KmsDataKeyPairRequest): Promise<KmsDataKeyPair>
  decrypt(request: KmsDecryptRequest): Promise<Bytes>
}
