/**
 * Custody `kms`: private keys that never leave AWS KMS. One call a signature.
 *
 * A key is tagged with its installation, issuer and slot when it is made, so that one whose reference was never written can
 * be found. It signs by its ARN: an alias could come to mean another key.
 */

import { utf8 } from '../../../crypto/base64url.ts'
import { Fault } from '../../../errors.ts'
import type { CreatedKey, KeyBinding, KeyManager, KeyRef } from '../../../signers/key-manager.ts'
import type { Kms } from '../../aws/kms.ts'
import { KmsError } from '../../aws/kms-api.ts'
import { askingKms } from '../../aws/kms-faults.ts'
import { formatReference, parseReference, type ReferenceContext } from '../bound-reference.ts'
import { keyTags } from '../key-tags.ts'
import { publicKeyOfKms } from '../kms-public-key.ts'
import { signingKeyPolicy } from './key-policy.ts'
import { KMS_ALGORITHMS } from './kms-algorithms.ts'
import { kmsSigner } from './kms-signer.ts'

export interface KmsKeyManagerOptions {
  readonly kms: Kms
  /** Names the installation; a key of another one does not open. */
  readonly deployment: string
  /** ARNs of the IAM principals that may sign with new keys; `undefined` where none are made. */
  readonly signers: readonly [string, ...string[]] | undefined
}

const FORMAT = 'kms-v1'
/** The longest that KMS waits: so long a deletion can be taken back. */
const DELETION_WINDOW_DAYS = 30

export function kmsKeyManager({ kms, deployment, signers }: KmsKeyManagerOptions): KeyManager {
  const contextOf = (binding: KeyBinding): ReferenceContext => ({
    format: FORMAT,
    deployment,
    binding,
  })

  async function arnOf(keyRef: KeyRef, binding: KeyBinding): Promise<string> {
    return new TextDecoder().decode(await parseReference(keyRef, contextOf(binding)))
  }

  /** The key as its ring will know it. */
  async function referenceTo(arn: string, binding: KeyBinding): Promise<CreatedKey> {
    const named = await publicKeyOfKms(await kms.getPublicKey(arn), binding)
    return { ...named, keyRef: await formatReference(utf8(arn), contextOf(binding)) }
  }

  function policyFor({ issuerId, alg }: KeyBinding): string {
    const { signingAlgorithm } = KMS_ALGORITHMS[alg]
    if (signers !== undefined) return signingKeyPolicy(signers, signingAlgorithm)
    throw new Fault(
      'key_service_refused',
      `a key could not be made for issuer ${issuerId}: this host is not set up to make keys`,
    )
  }

  return {
    custody: 'kms',
    keeps: 'service',
    create: async (binding) => {
      const { issuerId, alg } = binding
      return askingKms(issuerId, 'a key could not be made', async () => {
        const arn = await kms.createKey({
          keySpec: KMS_ALGORITHMS[alg].keySpec,
          description: `Signet: signs tokens of issuer ${issuerId} with ${alg}`,
          tags: keyTags(deployment, binding),
          policy: policyFor(binding),
        })
        return referenceTo(arn, binding).catch(async (error: unknown) => {
          // Nobody has heard of it yet, and nobody will: left alone, it would cost its fee for good.
          await kms.scheduleKeyDeletion(arn, DELETION_WINDOW_DAYS).catch(() => {})
          throw error
        })
      })
    },
    open: async (keyRef, binding) => kmsSigner(kms, await arnOf(keyRef, binding), binding),
    renew: async (keyRef, binding) => {
      await arnOf(keyRef, binding)
      return undefined
    },
    disable: async (keyRef, binding) => {
      const arn = await arnOf(keyRef, binding)
      await askingKms(binding.issuerId, 'a key could not be disabled', () =>
        // One that is about to be deleted signs no more either.
        kms.disableKey(arn).catch(unless('disabled')),
      )
    },
    scheduleDeletion: async (keyRef, binding) => {
      const arn = await arnOf(keyRef, binding)
      await askingKms(binding.issuerId, 'the deletion of a key could not be scheduled', () =>
        kms.scheduleKeyDeletion(arn, DELETION_WINDOW_DAYS).catch(unless('disabled', 'not_found')),
      )
    },
  }
}

/** For a call whose effect is there already. */
function unless(...codes: readonly KmsError['code'][]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof KmsError) || !codes.includes(error.code)) throw error
  }
}
