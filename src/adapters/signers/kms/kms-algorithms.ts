/**
 * The signing algorithms as AWS KMS has them, as a table.
 */

import type { Bytes } from '../../../crypto/base64url.ts'
import type { SigningAlgorithm } from '../../../crypto/algorithms.ts'
import type { KmsSigningAlgorithm, KmsSigningKeySpec } from '../../aws/kms-api.ts'
import { joseSignatureOfDer } from './ecdsa-signature.ts'

interface KmsAlgorithm {
  readonly keySpec: KmsSigningKeySpec
  readonly signingAlgorithm: KmsSigningAlgorithm
  /** What KMS returns as the JWS has it. Throws where it is no signature. */
  readonly joseSignature: (signature: Bytes) => Bytes
}

const RSA_2048_BYTES = 256
const P256_BYTES = 32

export const KMS_ALGORITHMS = {
  RS256: {
    keySpec: 'RSA_2048',
    signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    joseSignature: pkcs1Signature,
  },
  ES256: {
    keySpec: 'ECC_NIST_P256',
    signingAlgorithm: 'ECDSA_SHA_256',
    joseSignature: (signature) => joseSignatureOfDer(signature, P256_BYTES),
  },
} as const satisfies Record<SigningAlgorithm, KmsAlgorithm>

/** A signature of RSA is as long as its modulus (RFC 8017 §8.2.1). */
function pkcs1Signature(signature: Bytes): Bytes {
  if (signature.length === RSA_2048_BYTES) return signature
  throw new TypeError('not a signature of RSA with 2048 bits')
}
