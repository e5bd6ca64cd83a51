/**
 * Custody `kms`: private keys that never leave AWS KMS. One call a signature.
 *
 * A key is tagged with its installation, issuer and slot when it is made, so that one whose reference was never written can
 * be found. It signs by its ARN: an alias could come to mean another key.
 */

import { utf8 } from '../../../crypto/base64url.ts'
import { Fault } from '../../../errors.ts'
import { DELETION_WINDOW_DAYS } from '../../../limits.ts'
import type { CreatedKey, KeyBinding, KeyManager, KeyRef } from '../../../signers/key-manager.ts'
import type { Kms } from '../../aws/kms.ts'
import { KmsError } from '../../aws/kms-api.ts'
import { askingKms } from '../../aws/kms-faults.ts'
import { formatReference, parseReference, type ReferenceContext } from '../bound-reference.ts'
import { keyTags } from '../key-tags.ts'
import { publicKeyOfKms } from '../kms-public-key.ts'
import { findKeys } from './find-keys.ts'
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
const NOT_MADE = 'a key could not be made'
/** In other words: it takes another permission. */
const NOT_READ = 'the public key of a key that was made could not be read'

export function kmsKeyManager({ kms, deployment, signers }: KmsKeyManagerOptions): KeyManager {
  const contextOf = (binding: KeyBinding): ReferenceContext => ({
    format: FORMAT,
    deployment,
    binding,
  })

  async function arnOf(keyRef: KeyRef, binding: KeyBinding): Promise<string> {
    return new TextDecoder().decode(await parseReference(keyRef, contextOf(binding)))
  }

  async function referenceTo(arn: string, binding: KeyBinding): Promise<KeyRef> {
    return formatReference(utf8(arn), contextOf(binding))
  }

  /** The key as its ring will know it. */
  async function createdKey(arn: string, binding: KeyBinding): Promise<CreatedKey> {
    const asked = askingKms(binding.issuerId, NOT_READ, () => kms.getPublicKey(arn))
    const named = await publicKeyOfKms(await asked.catch(although), binding)
    return { ...named, keyRef: await referenceTo(arn, binding) }
  }

  function policyFor({ issuerId, alg }: KeyBinding): string {
    const { signingAlgorithm } = KMS_ALGORITHMS[alg]
    if (signers !== undefined) return signingKeyPolicy(signers, signingAlgorithm)
    throw new Fault(
      'key_service_refused',
      `${NOT_MADE} for issuer ${issuerId}: this host is not set up to make keys`,
      { hadNoEffect: true },
    )
  }

  return {
    custody: 'kms',
    create: async (binding) => {
      const { issuerId, alg } = binding
      const arn = await askingKms(issuerId, NOT_MADE, () =>
        kms.createKey({
          keySpec: KMS_ALGORITHMS[alg].keySpec,
          description: `Signet: signs tokens of issuer ${issuerId} with ${alg}`,
          tags: keyTags(deployment, binding),
          policy: policyFor(binding),
        }),
      )
      return createdKey(arn, binding)
    },
    open: async (keyRef, binding) => kmsSigner(kms, await arnOf(keyRef, binding), binding),
    renew: async (keyRef, binding) => {
      await arnOf(keyRef, binding)
      return undefined
    },
    ...endingCalls(kms, arnOf),
    find: async (slots) => {
      const found = await findKeys(kms, deployment, slots)
      return Promise.all(
        found.map(async ({ arn, ...key }) => ({
          ...key,
          keyRef: await referenceTo(arn, key.binding),
        })),
      )
    },
  }
}

function endingCalls(
  kms: Kms,
  arnOf: (keyRef: KeyRef, binding: KeyBinding) => Promise<string>,
): Pick<KeyManager, 'disable' | 'scheduleDeletion' | 'cancelDeletion'> {
  return {
    disable: async (keyRef, binding) => {
      const arn = await arnOf(keyRef, binding)
      await askingKms(binding.issuerId, 'a key could not be disabled', () =>
        // One that is about to be deleted signs no more either.
        kms.disableKey(arn).catch(unless('disabled')),
      )
    },
    scheduleDeletion: async (keyRef, binding, windowDays = DELETION_WINDOW_DAYS.default) => {
      const arn = await arnOf(keyRef, binding)
      await askingKms(binding.issuerId, 'the deletion of a key could not be scheduled', () =>
        // One that is not found need not be gone: a host whose region was changed finds none.
        kms.scheduleKeyDeletion(arn, windowDays).catch(unless('disabled')),
      )
    },
    cancelDeletion: async (keyRef, binding) => {
      const arn = await arnOf(keyRef, binding)
      await askingKms(binding.issuerId, 'the deletion of a key could not be taken back', () =>
        // Of a key that is not about to be deleted KMS says that its state is wrong.
        kms.cancelKeyDeletion(arn).catch(unless('disabled')),
      )
    },
  }
}

/** The key is there, whatever is said of it afterwards. */
function although(error: unknown): never {
  throw error instanceof Fault ? new Fault(error.code, error.message) : error
}

/** For a call whose effect is there already. */
function unless(...codes: readonly KmsError['code'][]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof KmsError) || !codes.includes(error.code)) throw error
  }
}
