/**
 * KMS of moto, as far as it can be used at all.
 *
 * moto finds a key that is to be disabled, deleted or taken back by its id, and answers 500 to its ARN (asserted in `kms-differences.ts`).
 * Here it gets the id, so that what comes after that can be tested.
 */

import { createHash } from 'node:crypto'
import type { KmsApi } from '../../src/adapters/aws/kms-api.ts'
import type { SignedInstead } from '../contract/key-manager.ts'

export function kmsOfMoto(api: KmsApi): KmsApi {
  return {
    ...api,
    disableKey: (keyId, signal) => api.disableKey(idOf(keyId), signal),
    scheduleKeyDeletion: (keyId, days, signal) =>
      api.scheduleKeyDeletion(idOf(keyId), days, signal),
    cancelKeyDeletion: (keyId, signal) => api.cancelKeyDeletion(idOf(keyId), signal),
  }
}

/** moto hashes a digest again, so what it signs is the hash. */
export const signedByMoto: SignedInstead = async (data) =>
  new Uint8Array(createHash('sha256').update(data).digest())

function idOf(arn: string): string {
  return arn.replace(/^arn:.*:key\//, '')
}
