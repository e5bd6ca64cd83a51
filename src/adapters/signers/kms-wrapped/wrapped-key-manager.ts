/**
 * Custody `kms-wrapped`: private keys encrypted under a symmetric key of AWS KMS, kept beside the ring.
 *
 * KMS makes the key pair and gives out its private part encrypted. It is decrypted by KMS once an instance and then signs in
 * memory. It decrypts for its installation, issuer and slot alone: they are its encryption context. The reference holds the
 * ciphertext, so nothing is left behind anywhere else.
 */

import type { Bytes } from '../../../crypto/base64url.ts'
import { Fault } from '../../../errors.ts'
import type { KeyBinding, KeyManager, KeyRef, Signer } from '../../../signers/key-manager.ts'
import { signerOfPkcs8 } from '../../../signers/private-key.ts'
import type { Kms } from '../../aws/kms.ts'
import { formatWrappedKey, parseWrappedKey, type WrappedKey } from './wrapped-key.ts'
import { askingKms } from '../../aws/kms-faults.ts'
import { formatReference, parseReference, type ReferenceContext } from '../bound-reference.ts'
import { keyTags } from '../key-tags.ts'
import { publicKeyOfKms } from '../kms-public-key.ts'
import { KMS_ALGORITHMS } from '../kms/kms-algorithms.ts'

export interface WrappedKeyManagerOptions {
  readonly kms: Kms
  /** Names the installation; a key of another one does not open. */
  readonly deployment: string
  /** ARN, id or alias of the symmetric key that wraps new keys; each key knows the one that wrapped it. */
  readonly wrappingKey: string
}

const FORMAT = 'kms-wrapped-v1'

export function wrappedKeyManager({
  kms,
  deployment,
  wrappingKey,
}: WrappedKeyManagerOptions): KeyManager {
  async function wrappedKeyOf(keyRef: KeyRef, binding: KeyBinding): Promise<WrappedKey> {
    const named = await parseReference(keyRef, contextOf(binding))
    const wrapped = parseWrappedKey(named)
    if (wrapped !== undefined) return wrapped
    throw unopened(binding, 'its reference has another form')
  }

  const contextOf = (binding: KeyBinding): ReferenceContext => ({
    format: FORMAT,
    deployment,
    binding,
  })

  async function unwrap({ keyArn, ciphertext }: WrappedKey, binding: KeyBinding): Promise<Bytes> {
    const encryptionContext = keyTags(deployment, binding)
    return askingKms(binding.issuerId, 'a key could not be unwrapped', () =>
      kms.decrypt({ keyId: keyArn, ciphertext, encryptionContext }),
    )
  }

  return {
    custody: 'kms-wrapped',
    create: async (binding) => {
      const { issuerId, alg } = binding
      return askingKms(issuerId, 'a key could not be made', async () => {
        const { publicKey, keyArn, privateKeyCiphertext } = await kms.generateDataKeyPair({
          keyId: wrappingKey,
          keyPairSpec: KMS_ALGORITHMS[alg].keySpec,
          encryptionContext: keyTags(deployment, binding),
        })
        const named = await publicKeyOfKms(publicKey, binding)
        const wrapped = formatWrappedKey({ keyArn, ciphertext: privateKeyCiphertext })
        return { ...named, keyRef: await formatReference(wrapped, contextOf(binding)) }
      })
    },
    open: async (keyRef, binding) => {
      const wrapped = await wrappedKeyOf(keyRef, binding)
      return importUnwrapped(await unwrap(wrapped, binding), binding)
    },
    renew: async (keyRef, binding) => {
      await wrappedKeyOf(keyRef, binding)
      return undefined
    },
    // The key is in its reference: who may not sign any more must not have that, and KMS has nothing of it.
    disable: async (keyRef, binding) => {
      await wrappedKeyOf(keyRef, binding)
    },
    scheduleDeletion: async (keyRef, binding) => {
      await wrappedKeyOf(keyRef, binding)
    },
    cancelDeletion: async (keyRef, binding) => {
      await wrappedKeyOf(keyRef, binding)
    },
    find: async () => [],
  }
}

async function importUnwrapped(pkcs8: Bytes, binding: KeyBinding): Promise<Signer> {
  try {
    return await signerOfPkcs8(pkcs8, binding.alg)
  } catch {
    // Without its cause, which is about the key.
    throw unopened(binding, `what was unwrapped is no key for ${binding.alg}`)
  }
}

function unopened({ issuerId }: KeyBinding, why: string): Fault {
  return new Fault('key_unavailable', `a key of issuer ${issuerId} cannot be opened: ${why}`)
}
