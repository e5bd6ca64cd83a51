/**
 * The name of a key: `kid` as Kubernetes derives it.
 *
 * base64url(SHA-256(DER SubjectPublicKeyInfo)), so that a key has one name, whoever publishes it. This is
 * not the RFC 7638 thumbprint.
 */

import type { Bytes } from './base64url.ts'
import { sha256Base64Url } from './digest.ts'

export async function kidOfSpki(spki: Bytes): Promise<string> {
  return sha256Base64Url(spki)
}
