/**
 * Keys as clusters have them, made by OpenSSL and judged by it: nothing here is made by the code under test.
 */

import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'

export interface ClusterKey {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export type Jwk = Readonly<Record<string, unknown>>

export function rsaKey(modulusLength: number): ClusterKey {
  return generateKeyPairSync('rsa', { modulusLength })
}

/** `curve`: as OpenSSL names it. */
export function ecKey(curve: string): ClusterKey {
  return generateKeyPairSync('ec', { namedCurve: curve })
}

export function jwkOf(key: KeyObject): Jwk {
  return { ...key.export({ format: 'jwk' }) }
}

export function pemOf({ publicKey }: ClusterKey): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

/** As Kubernetes derives it: base64url(SHA-256(DER SubjectPublicKeyInfo)). */
export function kubernetesKid({ publicKey }: ClusterKey): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}

export function setOf(...keys: readonly unknown[]): string {
  return JSON.stringify({ keys })
}
