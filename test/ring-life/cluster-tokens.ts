/**
 * A cluster that signs its own tokens, for an issuer that publishes its key.
 */

import { base64url } from 'jose'
import { AUDIENCE, type HeldToken } from './relying-party.ts'

export interface Cluster {
  readonly jwks: object
  token(issuer: string, now: number, ttlSeconds: number): Promise<HeldToken>
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const KID = 'key-of-the-cluster'

export async function newCluster(): Promise<Cluster> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return {
    jwks: { keys: [{ kty, crv, x, y, kid: KID, alg: 'ES256', use: 'sig' }] },
    token: async (iss, now, ttlSeconds) => {
      const expiresAt = now + ttlSeconds
      const claims = { iss, sub: 'pod', aud: AUDIENCE, iat: now, exp: expiresAt }
      const input = [{ alg: 'ES256', kid: KID }, claims].map((part) => encoded(part)).join('.')
      const data = new TextEncoder().encode(input)
      const signature = await crypto.subtle.sign(ES256, privateKey, data)
      const jwt = `${input}.${base64url.encode(new Uint8Array(signature))}`
      return { jwt, kid: KID, alg: 'ES256', expiresAt }
    },
  }
}

function encoded(part: object): string {
  return base64url.encode(JSON.stringify(part))
}
