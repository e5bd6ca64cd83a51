/**
 * The sealed envelope: a private key encrypted under the installation's secret.
 *
 * AES-256-GCM; key = HKDF-SHA-256(secret, salt, deployment, issuer, slot); additional data = format, custody and
 * algorithm. So an envelope opens only with its secret, in its installation, for its issuer, slot and algorithm.
 */

import { type Bytes, decodeBase64Url, encodeBase64Url, utf8 } from '../../../crypto/base64url.ts'
import { sha256 } from '../../../crypto/digest.ts'
import type { KeyBinding, KeyRef } from '../../../signers/key-manager.ts'

export interface Envelope {
  /** Tells which secret it was sealed with. */
  readonly secretId: string
  readonly salt: Bytes
  readonly nonce: Bytes
  readonly ciphertext: Bytes
}

export interface SealContext {
  readonly secret: Bytes
  readonly deployment: string
  readonly binding: KeyBinding
}

const FORMAT = 'sealed-v1'
const SALT_BYTES = 32
/** The size that AES-GCM is made for; a fresh salt makes each key single-use. */
const NONCE_BYTES = 12
const SECRET_ID_BYTES = 9

/** Names a secret without telling anything of it: the secret has 256 random bits. */
export async function secretIdOf(secret: Bytes): Promise<string> {
  const label = utf8('signet sealed secret id\0')
  const digest = await sha256(new Uint8Array([...label, ...secret]))
  return encodeBase64Url(digest.slice(0, SECRET_ID_BYTES))
}

export async function seal(plaintext: Bytes, context: SealContext): Promise<Envelope> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const key = await deriveKey(salt, context, 'encrypt')
  const ciphertext = await crypto.subtle.encrypt(gcm(nonce, context), key, plaintext)
  const secretId = await secretIdOf(context.secret)
  return { secretId, salt, nonce, ciphertext: new Uint8Array(ciphertext) }
}

/** Rejects when the envelope was changed or sealed for another context. */
export async function unseal(envelope: Envelope, context: SealContext): Promise<Bytes> {
  const key = await deriveKey(envelope.salt, context, 'decrypt')
  const parameters = gcm(envelope.nonce, context)
  return new Uint8Array(await crypto.subtle.decrypt(parameters, key, envelope.ciphertext))
}

export function formatEnvelope({ secretId, salt, nonce, ciphertext }: Envelope): KeyRef {
  const bytes = [salt, nonce, ciphertext].map(encodeBase64Url)
  return [FORMAT, secretId, ...bytes].join('.') as KeyRef
}

/** Which secret an envelope was sealed with, told without decoding it; `undefined` for what has not its form. */
export function sealedWith(keyRef: KeyRef): string | undefined {
  const [format, secretId, ...parts] = keyRef.split('.')
  return format === FORMAT && parts.length === 3 ? secretId : undefined
}

/** `undefined` for anything that is not an envelope of this format. */
export function parseEnvelope(keyRef: KeyRef): Envelope | undefined {
  const parts = keyRef.split('.')
  const [format, secretId, salt, nonce, ciphertext] = parts
  if (format !== FORMAT || parts.length !== 5 || !secretId || !salt || !nonce || !ciphertext) {
    return undefined
  }
  try {
    return {
      secretId,
      salt: decodeBase64Url(salt),
      nonce: decodeBase64Url(nonce),
      ciphertext: decodeBase64Url(ciphertext),
    }
  } catch {
    return undefined
  }
}

async function deriveKey(
  salt: Bytes,
  { secret, deployment, binding }: SealContext,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  // As JSON, so that no two triples are written alike.
  const info = utf8(JSON.stringify([deployment, binding.issuerId, binding.slot]))
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return crypto.subtle.deriveKey(parameters, material, { name: 'AES-GCM', length: 256 }, false, [
    usage,
  ])
}

function gcm(iv: Bytes, { binding }: SealContext): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: utf8(JSON.stringify([FORMAT, binding.alg])) }
}
