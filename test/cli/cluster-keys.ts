/**
 * Keys of a cluster, and its JWK Set as kubectl prints it.
 */

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { kidOfSpki } from '../../src/crypto/kid.ts'

export const rsa = [newRsaKey(), newRsaKey()] as const
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })

function newRsaKey(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

export function pemOf(key: KeyObject): string {
  return String(key.export({ format: 'pem', type: 'spki' }))
}

/** As `kubectl get --raw /openid/v1/jwks` prints it. */
export async function clusterSet(...keys: KeyObject[]): Promise<string> {
  const members = keys.map(async (key) => {
    const kid = await kidOfSpki(new Uint8Array(key.export({ format: 'der', type: 'spki' })))
    const { kty, n, e, crv, x, y } = key.export({ format: 'jwk' })
    const alg = kty === 'RSA' ? 'RS256' : 'ES384'
    return { use: 'sig', kty, kid, crv, alg, n, e, x, y }
  })
  return JSON.stringify({ keys: await Promise.all(members) })
}
