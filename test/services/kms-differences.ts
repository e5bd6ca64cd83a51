/**
 * What custodies `kms` and `kms-wrapped` rely on in AWS KMS, asked of the fake and moto alike.
 */

import { createHash, createPublicKey, verify } from 'node:crypto'
import {
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GetPublicKeyCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type SignCommandInput,
} from '@aws-sdk/client-kms'
import { answerOf, type Difference } from './difference.ts'
import { KMS_ADMINISTRATION_DIFFERENCES } from './kms-administration-differences.ts'
import { type Probe, signingKey, type Spec, symmetricKey, withKey } from './kms-probes.ts'

const ALGORITHMS = {
  RSA_2048: 'RSASSA_PKCS1_V1_5_SHA_256',
  ECC_NIST_P256: 'ECDSA_SHA_256',
} as const satisfies Record<Spec, string>

const MESSAGE = Buffer.from('header.payload')
const HASHED_AGAIN = 'of the hash of the hash'
const SIGNED = 'signed'

export const KMS_DIFFERENCES: readonly Difference<KMSClient>[] = [
  {
    what: 'KMS: RS256 signature over a digest',
    documented: 'of the hash',
    otherwise: { moto: HASHED_AGAIN },
    probe: digestProbe('RSA_2048'),
  },
  {
    what: 'KMS: ES256 signature over a digest',
    documented: 'of the hash',
    otherwise: { moto: HASHED_AGAIN },
    probe: digestProbe('ECC_NIST_P256'),
  },
  {
    what: 'KMS: Sign of a digest of 31 bytes',
    documented: '400 ValidationException',
    otherwise: { moto: SIGNED },
    probe: withKey((client, id) => signAnswer(client, id, { Message: Buffer.alloc(31, 1) })),
  },
  {
    what: 'KMS: Sign of a message of 5,000 bytes',
    documented: '400 ValidationException',
    otherwise: { moto: SIGNED },
    probe: withKey((client, id) =>
      signAnswer(client, id, { Message: Buffer.alloc(5000, 1), MessageType: 'RAW' }),
    ),
  },
  {
    what: 'KMS: Sign with an algorithm of another kind of key',
    documented: '400 InvalidKeyUsageException',
    otherwise: { moto: '400 ValidationException' },
    probe: withKey((client, id) =>
      signAnswer(client, id, { SigningAlgorithm: ALGORITHMS.RSA_2048 }),
    ),
  },
  {
    what: 'KMS: Sign with a disabled key',
    documented: '400 DisabledException',
    otherwise: { moto: SIGNED },
    probe: withKey(async (client, id) => {
      await client.send(new DisableKeyCommand({ KeyId: id }))
      return signAnswer(client, id)
    }),
  },
  {
    what: 'KMS: Sign with a key about to be deleted',
    documented: '400 KMSInvalidStateException',
    otherwise: { moto: SIGNED },
    probe: withKey(async (client, id) => {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId: id }))
      return signAnswer(client, id)
    }),
  },
  {
    what: 'KMS: Sign with a key that there is not',
    documented: '400 NotFoundException',
    probe: (client) => signAnswer(client, '00000000-0000-4000-8000-000000000000'),
  },
  {
    what: 'KMS: GetPublicKey of a disabled key',
    documented: '400 DisabledException',
    otherwise: { moto: 'given' },
    probe: withKey(async (client, id) => {
      await client.send(new DisableKeyCommand({ KeyId: id }))
      return answerOf(client.send(new GetPublicKeyCommand({ KeyId: id })), () => 'given')
    }),
  },
  {
    what: 'KMS: GetPublicKey of a symmetric key',
    documented: '400 UnsupportedOperationException',
    otherwise: { moto: 'given' },
    probe: async (client) => {
      const id = await symmetricKey(client)
      return answerOf(client.send(new GetPublicKeyCommand({ KeyId: id })), () => 'given')
    },
  },
  ...KMS_ADMINISTRATION_DIFFERENCES,
  {
    what: 'KMS: GenerateDataKeyPairWithoutPlaintext',
    documented: 'a key pair',
    otherwise: { moto: '500' },
    probe: async (client) =>
      answerOf(client.send(dataKeyPair(await symmetricKey(client))), () => 'a key pair'),
  },
  {
    what: 'KMS: Decrypt under another encryption context',
    documented: '400 InvalidCiphertextException',
    probe: async (client) => {
      const KeyId = await symmetricKey(client)
      const CiphertextBlob = await ciphertextOf(client, KeyId)
      const EncryptionContext = { issuer: 'other' }
      const command = new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext })
      return answerOf(client.send(command), () => 'decrypted')
    },
  },
]

/** Whether KMS signed what it was given, or the hash of that. Judged by OpenSSL. */
function digestProbe(spec: Spec): Probe {
  return async (client) => {
    const id = await signingKey(client, spec)
    const { PublicKey = new Uint8Array() } = await client.send(
      new GetPublicKeyCommand({ KeyId: id }),
    )
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
    const { Signature = new Uint8Array() } = await client.send(
      new SignCommand(signInput(id, { SigningAlgorithm: ALGORITHMS[spec] })),
    )
    if (verify('sha256', MESSAGE, publicKey, Signature)) return 'of the hash'
    return verify('sha256', sha256(MESSAGE), publicKey, Signature) ? HASHED_AGAIN : 'of neither'
  }
}

function signInput(id: string, input: Partial<SignCommandInput>): SignCommandInput {
  const digest = { Message: sha256(MESSAGE), MessageType: 'DIGEST' } as const
  return { KeyId: id, ...digest, SigningAlgorithm: ALGORITHMS.ECC_NIST_P256, ...input }
}

function signAnswer(client: KMSClient, id: string, input: Partial<SignCommandInput> = {}) {
  return answerOf(client.send(new SignCommand(signInput(id, input))), () => SIGNED)
}

function dataKeyPair(id: string): GenerateDataKeyPairWithoutPlaintextCommand {
  return new GenerateDataKeyPairWithoutPlaintextCommand({
    KeyId: id,
    KeyPairSpec: 'ECC_NIST_P256',
    EncryptionContext: { issuer: 'prod' },
  })
}

/** The fake makes ciphertexts of data key pairs alone, moto of anything else. */
async function ciphertextOf(client: KMSClient, id: string): Promise<Uint8Array> {
  const pair = await client.send(dataKeyPair(id)).catch(() => undefined)
  if (pair?.PrivateKeyCiphertextBlob !== undefined) return pair.PrivateKeyCiphertextBlob
  const context = { EncryptionContext: { issuer: 'prod' } }
  const command = new EncryptCommand({ KeyId: id, Plaintext: MESSAGE, ...context })
  return (await client.send(command)).CiphertextBlob ?? new Uint8Array()
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
