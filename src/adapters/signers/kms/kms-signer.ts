/**
 * Signing by AWS KMS: the digest is made here, so that what is signed may be of any length.
 */

import type { Bytes } from '../../../crypto/base64url.ts'
import { sha256 } from '../../../crypto/digest.ts'
import { Fault } from '../../../errors.ts'
import type { KeyBinding, Signer } from '../../../signers/key-manager.ts'
import type { Kms } from '../../aws/kms.ts'
import { askingKms } from '../../aws/kms-faults.ts'
import { KMS_ALGORITHMS } from './kms-algorithms.ts'

export function kmsSigner(kms: Kms, arn: string, { issuerId, alg }: KeyBinding): Signer {
  const { signingAlgorithm: algorithm, joseSignature } = KMS_ALGORITHMS[alg]

  function convert(signed: Bytes): Bytes {
    try {
      return joseSignature(signed)
    } catch {
      throw new Fault(
        'key_service_unavailable',
        `a token could not be signed for issuer ${issuerId}: AWS KMS answered with something that is no signature`,
      )
    }
  }

  return {
    sign: async (data) => {
      const digest = await sha256(data)
      const signed = await askingKms(issuerId, 'a token could not be signed', () =>
        kms.sign({ keyId: arn, digest, algorithm }),
      )
      return convert(signed)
    },
  }
}
