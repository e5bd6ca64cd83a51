/**
 * Custody `sealed`: private keys encrypted under the installation's secret, kept beside the ring.
 *
 * The key reference is the whole envelope, so nothing is left behind anywhere else: forgetting the reference is
 * destroying the key. In memory a key is there only while it is made, sealed or used.
 */

import type { Bytes } from '../../../crypto/base64url.ts'
import { ALGORITHMS } from '../../../crypto/algorithms.ts'
import { kidOfSpki } from '../../../crypto/kid.ts'
import { Fault } from '../../../errors.ts'
import type { PublicJwk } from '../../../crypto/public-jwk.ts'
import type { KeyBinding, KeyManager, KeyRef, Signer } from '../../../signers/key-manager.ts'
import {
  type Envelope,
  formatEnvelope,
  parseEnvelope,
  seal,
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

  return {
    custody: 'sealed',
    create: async (binding) => {
      const { publicKey, privateKey } = await generateKeyPair(binding)
      const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
      const keyRef = await wiping(pkcs8, () => sealPkcs8(pkcs8, binding))
      const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
      return { keyRef, kid: await kidOfSpki(spki), publicJwk: await exportPublicJwk(publicKey) }
    },
    open: async (keyRef, binding) => {
      const pkcs8 = await unsealPkcs8(keyRef, binding)
      return wiping(pkcs8, () => importSigner(pkcs8, binding))
    },
    renew: async (keyRef, binding) => {
      const pkcs8 = await unsealPkcs8(keyRef, binding)
      return wiping(pkcs8, async () => {
        const upToDate = parseEnvelope(keyRef)?.secretId === (await secretIdOf(secret))
        return upToDate ? undefined : sealPkcs8(pkcs8, binding)
      })
    },
  }
}

async function generateKeyPair({ alg }: KeyBinding): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHMS[alg].generate, true, ['sign', 'verify'])
}

async function exportPublicJwk(publicKey: CryptoKey): Promise<PublicJwk> {
  const { kty, n = '', e = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey)
  return kty === 'RSA' ? { kty, n, e } : { kty: 'EC', crv: 'P-256', x, y }
}

async function importSigner(pkcs8: Bytes, { alg }: KeyBinding): Promise<Signer> {
  const { import: parameters, sign } = ALGORITHMS[alg]
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign'])
  return { sign: async (data) => new Uint8Array(await crypto.subtle.sign(sign, key, data)) }
}

/** Overwrites the private key's bytes once they were used, also when their use failed. */
async function wiping<T>(secretBytes: Bytes, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    secretBytes.fill(0)
  }
}

function unavailable({ issuerId }: KeyBinding, why: string): Fault {
  return new Fault('key_unavailable', `a key of issuer ${issuerId} cannot be opened: ${why}`)
}
