/**
 * References of keys that AWS KMS protects: what the service calls a key, and a check of where the key belongs.
 *
 * The check is a hash without a secret: it finds a reference that was changed, or that stands in the document of another
 * issuer or installation. Who may use the key is for KMS and IAM to say.
 */

import { type Bytes, decodeBase64Url, encodeBase64Url, utf8 } from '../../crypto/base64url.ts'
import { sha256 } from '../../crypto/digest.ts'
import { Fault } from '../../errors.ts'
import type { KeyBinding, KeyRef } from '../../signers/key-manager.ts'

const CHECK_BYTES = 16

export interface ReferenceContext {
  /** Names kind and version of the reference: `kms-v1`. */
  readonly format: string
  readonly deployment: string
  readonly binding: KeyBinding
}

export async function formatReference(named: Bytes, context: ReferenceContext): Promise<KeyRef> {
  const text = encodeBase64Url(named)
  return [context.format, text, await checkOf(text, context)].join('.') as KeyRef
}

/** Rejects with fault `key_unavailable` where the reference is not one that was made for this context. */
export async function parseReference(keyRef: KeyRef, context: ReferenceContext): Promise<Bytes> {
  const { format, binding } = context
  const [itsFormat, text = '', check, ...rest] = keyRef.split('.')
  if (itsFormat !== format || rest.length > 0) throw unavailable(binding, 'it has another form')
  if (check !== (await checkOf(text, context))) {
    throw unavailable(binding, 'it was made for another place or was changed')
  }
  return decoded(text, binding)
}

function decoded(text: string, binding: KeyBinding): Bytes {
  try {
    return decodeBase64Url(text)
  } catch {
    throw unavailable(binding, 'it has another form')
  }
}

async function checkOf(text: string, context: ReferenceContext): Promise<string> {
  const { format, deployment, binding } = context
  const { issuerId, slot, alg } = binding
  // As JSON, so that no two lists are written alike.
  const digest = await sha256(utf8(JSON.stringify([format, deployment, issuerId, slot, alg, text])))
  return encodeBase64Url(digest.slice(0, CHECK_BYTES))
}

function unavailable({ issuerId }: KeyBinding, why: string): Fault {
  return new Fault('key_unavailable', `a key of issuer ${issuerId} cannot be opened: ${why}`)
}
