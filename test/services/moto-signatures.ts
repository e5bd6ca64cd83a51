/**
 * Signatures of moto that verify. moto hashes whatever it is to sign, a digest too (asserted in `kms-differences.ts`): here it
 * gets what was hashed, so that what it signs is what was meant.
 */

import {
  type KMSClient,
  SignCommand,
  type SigningAlgorithmSpec,
  type SignCommandInput,
} from '@aws-sdk/client-kms'
import type { Kms } from '../../src/adapters/aws/kms.ts'
import { encodeBase64Url } from '../../src/crypto/base64url.ts'
import { sha256 } from '../../src/crypto/digest.ts'
import type { KeyManager } from '../../src/signers/key-manager.ts'

export interface MotoSignatures {
  readonly kms: (kms: Kms) => Kms
  readonly manager: (manager: KeyManager) => KeyManager
}

export function motoSignatures(client: KMSClient): MotoSignatures {
  /** What was hashed, by its digest. */
  const hashed = new Map<string, Uint8Array>()
  return {
    manager: (manager) => ({
      ...manager,
      open: async (keyRef, binding) => {
        const signer = await manager.open(keyRef, binding)
        return {
          sign: async (data) => {
            hashed.set(encodeBase64Url(await sha256(data)), data)
            return signer.sign(data)
          },
        }
      },
    }),
    kms: (kms) => ({
      ...kms,
      sign: async ({ keyId, digest, algorithm }) => {
        const input: SignCommandInput = {
          KeyId: keyId,
          Message: hashed.get(encodeBase64Url(digest)),
          MessageType: 'RAW',
          SigningAlgorithm: algorithm satisfies SigningAlgorithmSpec,
        }
        const { Signature } = await client.send(new SignCommand(input))
        return new Uint8Array(Signature ?? [])
      },
    }),
  }
}
