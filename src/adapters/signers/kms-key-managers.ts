/**
 * The custodies of AWS KMS that a host has, over one way to KMS.
 */

import type { KeyManager } from '../../signers/key-manager.ts'
import { rememberingSigners } from '../../signers/remembered-signers.ts'
import type { KmsKeyManagerOptions } from './kms/kms-key-manager.ts'
import { wrappedKeyManager } from './kms-wrapped/wrapped-key-manager.ts'

export interface WrappedKeyManagersOptions extends Pick<
  KmsKeyManagerOptions,
  'kms' | 'deployment'
> {
  /** Without one there is no custody `kms-wrapped`. */
  readonly wrappingKey: string | undefined
}

/** None without a key that wraps. */
export function wrappedKeyManagers({
  kms,
  deployment,
  wrappingKey,
}: WrappedKeyManagersOptions): KeyManager[] {
  if (wrappingKey === undefined) return []
  return [rememberingSigners(wrappedKeyManager({ kms, deployment, wrappingKey }))]
}
