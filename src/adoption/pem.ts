/**
 * PEM public keys (RFC 7468 §13): each block's DER SubjectPublicKeyInfo. Every other kind of block is refused with the
 * command that makes a public key of it.
 */

import type { Bytes } from '../crypto/base64url.ts'
import { shown } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'

export interface PemBlock {
  readonly spki: Bytes
}

const BEGIN = /-----BEGIN ([^-\r\n]{0,80})-----/g
/** Anywhere, and however it is written: armour that is not right may still have a key in it. */
const PRIVATE = /PRIVATE[^A-Za-z]{0,3}KEY/i
const PRIVATE_ADVICE =
  'which must never leave its cluster: make the public one with "openssl pkey -in FILE -pubout", and replace the key if it was sent anywhere'
const PUBLIC_KEY = 'PUBLIC KEY'
const PUBLIC_KEY_BLOCK = /-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----/g

export function pemBlocks(text: string): Outcome<PemBlock[]> {
  const labels = [...text.matchAll(BEGIN)].map(([, label = '']) => label)
  const secret = labels.findIndex((label) => label.endsWith('PRIVATE KEY'))
  if (secret !== -1) {
    return refusedBlock(secret, `is a private key (${shown(labels[secret])}), ${PRIVATE_ADVICE}`)
  }
  if (PRIVATE.test(text)) {
    return refused('invalid_request', `the PEM speaks of a private key, ${PRIVATE_ADVICE}`)
  }
  const other = labels.findIndex((label) => label !== PUBLIC_KEY)
  if (other !== -1) return refusedBlock(other, labelProblem(labels[other] ?? ''))
  const bodies = [...text.matchAll(PUBLIC_KEY_BLOCK)].map(([, base64 = '']) => base64)
  if (bodies.length === 0 || bodies.length !== labels.length) {
    return refused(
      'invalid_request',
      'the PEM must have a BEGIN and an END line around each key, got some without: export the keys anew',
    )
  }
  const blocks: PemBlock[] = []
  for (const [index, base64] of bodies.entries()) {
    const spki = bytesOf(base64)
    if (spki === undefined) {
      return refusedBlock(
        index,
        'must be a public key in base64, got something else: export it anew',
      )
    }
    blocks.push({ spki })
  }
  return accepted(blocks)
}

function refusedBlock(index: number, problem: string): Outcome<never> {
  return refused('invalid_request', `block ${index + 1} of the PEM ${problem}`)
}

function labelProblem(label: string): string {
  if (label === 'RSA PUBLIC KEY') {
    return 'must be a PUBLIC KEY, got "RSA PUBLIC KEY" (PKCS #1): make it with "openssl rsa -RSAPublicKey_in -in FILE -pubout"'
  }
  if (label === 'CERTIFICATE') {
    return 'must be a PUBLIC KEY, got a CERTIFICATE: take its key with "openssl x509 -in FILE -noout -pubkey"'
  }
  return `must be a PUBLIC KEY, got ${shown(label)}`
}

function bytesOf(base64: string): Bytes | undefined {
  try {
    const binary = atob(base64.replaceAll(/\s/g, ''))
    return Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0)
  } catch {
    return undefined
  }
}
