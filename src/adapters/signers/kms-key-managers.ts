/**
 * The custodies of AWS KMS that a host has, over one way to KMS.
 */

import type { KeyCustody, KeyManager } from '../../signers/key-manager.ts'
import { type KeyManagers, keyManagersWithDefault } from '../../signers/key-managers.ts'
import { rememberingSigners } from '../../signers/remembered-signers.ts'
import { kmsKeyManager, type KmsKeyManagerOptions } from './kms/kms-key-manager.ts'
import { wrappedKeyManager } from './kms-wrapped/wrapped-key-manager.ts'

export interface KmsKeyManagersOptions extends KmsKeyManagerOptions {
  /** Without one there is no custody `kms-wrapped`. */
  readonly wrappingKey: string | undefined
  readonly defaultCustody: KeyCustody
}

export function kmsKeyManagers(options: KmsKeyManagersOptions): KeyManagers {
  const all = [kmsKeyManager(options), ...wrappedKeyManagers(options)]
  return keyManagersWithDefault(all, options.defaultCustody)
}

/** None without a key that wraps. */
export function wrappedKeyManagers({
  kms,
  deployment,
  wrappingKey,
}: Pick<KmsKeyManagersOptions, 'kms' | 'deployment' | 'wrappingKey'>): KeyManager[] {
  if (wrappingKey === undefined) return []
  return [rememberingSigners(wrappedKeyManager({ kms, deployment, wrappingKey }))]
}
