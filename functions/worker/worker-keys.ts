/**
 * The key managers of the Worker: those of the custodies that are configured.
 */

import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { kmsOverFetch } from '../../src/adapters/aws/kms-fetch.ts'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { wrappedKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import type { Log } from '../../src/log.ts'
import type { KeyManager } from '../../src/signers/key-manager.ts'
import { type KeyManagers, keyManagersWithDefault } from '../../src/signers/key-managers.ts'
import { rememberingSigners } from '../../src/signers/remembered-signers.ts'
import type { WorkerConfig } from './worker-config.ts'

/** `log` hears of calls of KMS that had to be repeated. Default: nobody does. */
export function workerKeys(config: WorkerConfig, log?: Log): KeyManagers {
  return keyManagersWithDefault(
    [...sealedKeys(config), ...kmsKeys(config, log)],
    config.defaultCustody,
  )
}

function sealedKeys({ host, sealedSecrets }: WorkerConfig): KeyManager[] {
  if (sealedSecrets === undefined) return []
  const { current: secret, previous: previousSecret } = sealedSecrets
  const { deployment } = host
  return [rememberingSigners(sealedKeyManager({ secret, previousSecret, deployment }))]
}

function kmsKeys({ host, kms: settings }: WorkerConfig, log: Log | undefined): KeyManager[] {
  if (settings === undefined) return []
  const { access, signers, wrappingKey } = settings
  const { deployment } = host
  const kms = retryingKms(kmsOverFetch(access), { log })
  return [
    ...(signers === undefined ? [] : [kmsKeyManager({ kms, deployment, signers })]),
    ...wrappedKeyManagers({ kms, deployment, wrappingKey }),
  ]
}
