/**
 * What the fake of AWS KMS does with its keys: public keys, signatures, data key pairs and their opening.
 *
 * All of it is real: what it signs verifies, and what it encrypts only opens under its key and context.
 */

import { Buffer } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  privateEncrypt,
  randomBytes,
} from 'node:crypto'
import { bytesOf, invalid, KmsFakeError, oneOf, textOf, type KmsInput } from './kms-fake-answers.ts'
import { signDigest } from './kms-fake-ecdsa.ts'
import {
  findKeyOrAlias,
  makeKeyPair,
  PAIR_SPECS,
  requireEnabled,
  type FakeKey,
  type KeyPair,
  type KeyTable,
} from './kms-fake-keys.ts'

const SIGNING_ALGORITHMS = {
  SYMMETRIC_DEFAULT: undefined,
  RSA_2048: 'RSASSA_PKCS1_V1_5_SHA_256',
  ECC_NIST_P256: 'ECDSA_SHA_256',
} as const

/** KMS API reference, `Sign`: a message has 1 to 4,096 bytes. */
const MESSAGE_BYTES_MAX = 4096
/** KMS API reference, `Decrypt`: a ciphertext has 1 to 6,144 bytes. */
const CIPHERTEXT_BYTES_MAX = 6144
const SHA256_BYTES = 32
/** DER of a SHA-256 `DigestInfo` up to its digest (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')
const KEY_ID_BYTES = 36
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function getPublicKey(table: KeyTable, input: KmsInput) {
  const key = findKeyOrAlias(table, textOf(input, 'KeyId'))
  // KMS API reference, `GetPublicKey`: of asymmetric keys alone.
  if (key.spec === 'SYMMETRIC_DEFAULT') {
    throw new KmsFakeError('UnsupportedOperationException', `${key.arn} has no public key`)
  }
  requireEnabled(key)
  return {
    KeyId: key.arn,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    PublicKey: publicDer(pairOf(key)).toString('base64'),
    ...(key.usage === 'SIGN_VERIFY' && { SigningAlgorithms: [SIGNING_ALGORITHMS[key.spec]] }),
  }
}

export function signMessage(table: KeyTable, input: KmsInput) {
  const key = findKeyOrAlias(table, textOf(input, 'KeyId'))
  const algorithm = textOf(input, 'SigningAlgorithm')
  const message = bytesOf(input, 'Message', MESSAGE_BYTES_MAX)
  const type = oneOf({ MessageType: 'RAW', ...input }, 'MessageType', ['RAW', 'DIGEST'])
  requireEnabled(key)
  // KMS API reference, `InvalidKeyUsageException`: the key's usage, or the algorithm for its spec.
  if (key.usage !== 'SIGN_VERIFY' || SIGNING_ALGORITHMS[key.spec] !== algorithm) {
    throw new KmsFakeError('InvalidKeyUsageException', `${key.arn} does not support ${algorithm}.`)
  }
  // KMS API reference, `Sign`: with DIGEST, the length must be that of the algorithm's hash.
  if (type === 'DIGEST' && message.length !== SHA256_BYTES) {
    throw invalid(`Digest is invalid length for algorithm ${algorithm}.`)
  }
  const digest = type === 'DIGEST' ? message : createHash('sha256').update(message).digest()
  const signature =
    key.spec === 'RSA_2048' ? signPkcs1(key, digest) : signDigest(pairOf(key).privateKey, digest)
  return {
    KeyId: key.arn,
    SigningAlgorithm: algorithm,
    Signature: signature.toString('base64'),
  }
}

function signPkcs1(key: FakeKey, digest: Buffer): Buffer {
  const options = { key: pairOf(key).privateKey, padding: constants.RSA_PKCS1_PADDING }
  return privateEncrypt(options, Buffer.concat([SHA256_DIGEST_INFO, digest]))
}

export async function generateDataKeyPairWithoutPlaintext(table: KeyTable, input: KmsInput) {
  const key = symmetricKey(table, textOf(input, 'KeyId'))
  const spec = oneOf(input, 'KeyPairSpec', PAIR_SPECS)
  requireEnabled(key)
  const pair = await makeKeyPair(spec)
  const plaintext = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    KeyId: key.arn,
    KeyPairSpec: spec,
    PrivateKeyCiphertextBlob: encrypt(key, plaintext, contextOf(input)).toString('base64'),
    PublicKey: publicDer(pair).toString('base64'),
  }
}

export function decrypt(table: KeyTable, input: KmsInput) {
  const blob = bytesOf(input, 'CiphertextBlob', CIPHERTEXT_BYTES_MAX)
  const named = input['KeyId'] === undefined ? undefined : textOf(input, 'KeyId')
  const given = named === undefined ? undefined : symmetricKey(table, named)
  const key = table.all.find(({ keyId }) =>
    blob.subarray(0, KEY_ID_BYTES).equals(Buffer.from(keyId)),
  )
  if (given !== undefined) requireEnabled(given)
  if (key === undefined) throw invalidCiphertext()
  // KMS API reference, `IncorrectKeyException`: another key than that which encrypted.
  if (given !== undefined && given !== key) {
    throw new KmsFakeError(
      'IncorrectKeyException',
      `The key ID in the request does not identify a CMK that can perform this operation: ${given.arn}`,
    )
  }
  requireEnabled(key)
  const plaintext = open(key, blob, contextOf(input))
  return {
    KeyId: key.arn,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    Plaintext: plaintext.toString('base64'),
  }
}

function encrypt(key: FakeKey, plaintext: Buffer, context: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', secretOf(key), nonce).setAAD(context)
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([Buffer.from(key.keyId), nonce, cipher.getAuthTag(), sealed])
}

function open(key: FakeKey, blob: Buffer, context: Buffer): Buffer {
  const [tagAt, sealedAt] = [KEY_ID_BYTES + NONCE_BYTES, KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES]
  try {
    const nonce = blob.subarray(KEY_ID_BYTES, tagAt)
    const decipher = createDecipheriv('aes-256-gcm', secretOf(key), nonce).setAAD(context)
    decipher.setAuthTag(blob.subarray(tagAt, sealedAt))
    return Buffer.concat([decipher.update(blob.subarray(sealedAt)), decipher.final()])
  } catch {
    throw invalidCiphertext()
  }
}

/** KMS API reference, `InvalidCiphertextException`: also when the encryption context is another one. It says no more. */
function invalidCiphertext(): KmsFakeError {
  return new KmsFakeError('InvalidCiphertextException', '')
}

/** KMS developer guide, "Encryption context": exact and case-sensitive, in whatever order. */
function contextOf({ EncryptionContext: context = {} }: KmsInput): Buffer {
  const pairs = Object.entries(context as Record<string, unknown>)
  if (pairs.some(([, value]) => typeof value !== 'string')) {
    throw new KmsFakeError(
      'SerializationException',
      'EncryptionContext has a value that is no string',
    )
  }
  return Buffer.from(JSON.stringify(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1))))
}

/** KMS API reference, `GenerateDataKeyPairWithoutPlaintext`: a symmetric encryption key, no other. */
function symmetricKey(table: KeyTable, name: string): FakeKey {
  const key = findKeyOrAlias(table, name)
  if (key.spec === 'SYMMETRIC_DEFAULT') return key
  throw new KmsFakeError(
    'InvalidKeyUsageException',
    `${key.arn} key usage is ${key.usage} which is not valid for this operation.`,
  )
}

function publicDer({ publicKey }: KeyPair): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' })
}

function pairOf({ material }: FakeKey): KeyPair {
  if (Buffer.isBuffer(material)) throw new TypeError('a symmetric key has no key pair')
  return material
}

function secretOf({ material }: FakeKey): Buffer {
  if (Buffer.isBuffer(material)) return material
  throw new TypeError('a key pair has no secret')
}
