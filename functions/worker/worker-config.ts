/**
 * Configuration of the Worker: what every host has, the control secret, and a custody or more.
 */

import {
  type KmsAccess,
  type KmsAccessSettings,
  type KmsCustodySettings,
  type KmsSettings,
  parseKmsAccess,
  parseKmsCustodies,
} from '../../src/adapters/aws/kms-settings.ts'
import { parseControlSecretDigest } from '../../src/config/control-secret.ts'
import { parseControlTrust } from '../../src/config/control-trust.ts'
import { parseDefaultCustody } from '../../src/config/default-custody.ts'
import {
  type HostConfig,
  type HostSettings,
  parseHostConfig,
} from '../../src/config/host-config.ts'
import {
  parseSealedSecrets,
  type SealedSecrets,
  type SealedSettings,
} from '../../src/config/sealed-secrets.ts'
import { isUnset, type ParsedConfig } from '../../src/config/setting.ts'
import type { ControlGrant } from '../../src/control-access/control-grant.ts'
import type { Bytes } from '../../src/crypto/base64url.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'

/** Unchecked settings, by name. */
export interface WorkerSettings
  extends HostSettings, SealedSettings, KmsSettings, KmsAccessSettings {
  readonly CONTROL_SECRET_SHA256?: unknown
  readonly CONTROL_TRUST?: unknown
  readonly DEFAULT_CUSTODY?: unknown
}

export interface WorkerConfig {
  readonly host: HostConfig
  readonly controlSecretDigest: Bytes | undefined
  /** `undefined` where no token opens the control API. */
  readonly controlTrust: readonly ControlGrant[] | undefined
  /** `undefined` where custody `sealed` is not set up. */
  readonly sealedSecrets: SealedSecrets | undefined
  /** `undefined` where no custody of AWS KMS is set up. */
  readonly kms: (KmsCustodySettings & { readonly access: KmsAccess }) | undefined
  readonly defaultCustody: KeyCustody
}

export function parseWorkerConfig(settings: WorkerSettings): ParsedConfig<WorkerConfig> {
  const problems: string[] = []
  const host = parseHostConfig(settings, problems)
  const usesKms = !isUnset(settings.KMS_SIGNERS) || !isUnset(settings.KMS_WRAPPING_KEY)
  const kms = usesKms ? parseKms(settings, problems) : undefined
  // Without KMS the keys must be sealed: then a missing secret is a problem.
  const isSealed =
    !usesKms || !isUnset(settings.SEALED_SECRET) || !isUnset(settings.SEALED_SECRET_PREVIOUS)
  const sealedSecrets = isSealed ? parseSealedSecrets(settings, problems) : undefined
  const controlSecretDigest = parseControlSecretDigest(settings.CONTROL_SECRET_SHA256, problems)
  const controlTrust = parseControlTrust(settings.CONTROL_TRUST, host, problems)
  // What was meant to be there: a setting that is wrong is one problem, and not two.
  const custodies: KeyCustody[] = [
    ...(isSealed ? ['sealed' as const] : []),
    ...(isUnset(settings.KMS_SIGNERS) ? [] : ['kms' as const]),
    ...(isUnset(settings.KMS_WRAPPING_KEY) ? [] : ['kms-wrapped' as const]),
  ]
  const defaultCustody = parseDefaultCustody(settings.DEFAULT_CUSTODY, custodies, problems)
  if (problems.length > 0 || host === undefined || defaultCustody === undefined) {
    return { ok: false, problems }
  }
  return {
    ok: true,
    config: Object.freeze({
      host,
      controlSecretDigest,
      controlTrust,
      sealedSecrets,
      kms,
      defaultCustody,
    }),
  }
}

function parseKms(settings: WorkerSettings, problems: string[]): WorkerConfig['kms'] {
  const custodies = parseKmsCustodies(settings, problems)
  const access = parseKmsAccess(settings, problems)
  return access && { ...custodies, access }
}
