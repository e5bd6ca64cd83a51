/**
 * Custody `sealed`: private keys encrypted under the installation's secret, kept beside the ring.
 *
 * The key reference is the whole envelope, so nothing is left behind anywhere else: forgetting the reference is
 * destroying the key. In memory a key is there only while it is made, sealed or used.
 */

import type { Bytes } from '../../../crypto/base64url.ts'
import { ALGORITHMS } from '../../../crypto/algorithms.ts'
import { publicKeyOfSpki } from '../../../crypto/spki.ts'
import { Fault } from '../../../errors.ts'
import type { KeyBinding, KeyManager, KeyRef } from '../../../signers/key-manager.ts'
import { signerOfPkcs8, wiping } from '../../../signers/private-key.ts'
import {
  type Envelope,
  formatEnvelope,
  parseEnvelope,
  seal,
  sealedWith,
  secretIdOf,
  unseal,
} from './envelope.ts'

export interface SealedKeyManagerOptions {
  /** At least 32 random bytes; seals. */
  readonly secret: Bytes
  /** Opens what was sealed before the secrets were exchanged. */
  readonly previousSecret?: Bytes | undefined
  /** Names the installation; an envelope of another one does not open. */
  readonly deployment: string
}

export function sealedKeyManager({
  secret,
  previousSecret,
  deployment,
}: SealedKeyManagerOptions): KeyManager {
  let presentId: Promise<string> | undefined

  async function unsealPkcs8(keyRef: KeyRef, binding: KeyBinding): Promise<Bytes> {
    const envelope = parseEnvelope(keyRef)
    if (envelope === undefined) throw unavailable(binding, 'it is no sealed envelope')
    const its = await secretOf(envelope)
    if (its === undefined) throw unavailable(binding, 'it was sealed with a secret that is not set')
    try {
      return await unseal(envelope, { secret: its, deployment, binding })
    } catch {
      // Without its cause: what WebCrypto says of a failed decryption helps an attacker only.
      throw unavailable(binding, 'it was sealed for another place or was changed')
    }
  }

  async function secretOf({ secretId }: Envelope): Promise<Bytes | undefined> {
    for (const candidate of [secret, previousSecret]) {
      if (candidate !== undefined && (await secretIdOf(candidate)) === secretId) return candidate
    }
    return undefined
  }

  async function sealPkcs8(pkcs8: Bytes, binding: KeyBinding): Promise<KeyRef> {
    return formatEnvelope(await seal(pkcs8, { secret, deployment, binding }))
  }

  async function isOutdated(keyRef: KeyRef): Promise<boolean> {
    const secretId = sealedWith(keyRef)
    presentId ??= secretIdOf(secret)
    return secretId !== undefined && secretId !== (await presentId)
  }

  async function assertSealedFor(keyRef: KeyRef, binding: KeyBinding): Promise<void> {
    await wiping(await unsealPkcs8(keyRef, binding), async () => {})
  }

  return {
    custody: 'sealed',
    create: async (binding) => {
      const { publicKey, privateKey } = await generateKeyPair(binding)
      const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
      const keyRef = await wiping(pkcs8, () => sealPkcs8(pkcs8, binding))
      const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
      return { keyRef, ...(await publicKeyOfSpki(spki, binding.alg)) }
    },
    open: async (keyRef, binding) => signerOfPkcs8(await unsealPkcs8(keyRef, binding), binding.alg),
    renew: async (keyRef, binding) => {
      const pkcs8 = await unsealPkcs8(keyRef, binding)
      return wiping(pkcs8, async () =>
        (await isOutdated(keyRef)) ? sealPkcs8(pkcs8, binding) : undefined,
      )
    },
    isOutdated,
    // Whoever must not sign any more must not have the reference: there is nothing of the key anywhere else.
    disable: assertSealedFor,
    scheduleDeletion: assertSealedFor,
    cancelDeletion: assertSealedFor,
    find: async () => [],
  }
}

async function generateKeyPair({ alg }: KeyBinding): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHMS[alg].generate, true, ['sign', 'verify'])
}

function unavailable({ issuerId }: KeyBinding, why: string): Fault {
  return new Fault('key_unavailable', `a key of issuer ${issuerId} cannot be opened: ${why}`)
}
