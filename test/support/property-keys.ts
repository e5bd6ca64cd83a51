/**
 * A small pool of real keys: a cluster's, and one of our own.
 *
 * Few, so that arbitrary histories meet the same key and the same kid again and again.
 */

import { encodeBase64Url } from '../../src/crypto/base64url.ts'
import { kidOfSpki } from '../../src/crypto/kid.ts'
import { type PublicJwk, publicJwkOf } from '../../src/crypto/public-jwk.ts'
import { type FakeKeyManager, fakeKeyManager, keyRef } from './fixtures.ts'

export interface PoolKey {
  readonly publicJwk: PublicJwk
  /** As Kubernetes derives it. */
  readonly kid: string
}

async function poolKey(parameters: RsaHashedKeyGenParams | EcKeyGenParams): Promise<PoolKey> {
  const { publicKey } = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
  const jwk = await crypto.subtle.exportKey('jwk', publicKey)
  return { publicJwk: publicJwkOf(jwk as PublicJwk), kid: await kidOfSpki(spki) }
}

const P256: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' }

export const OWN_KEY = await poolKey(P256)

export const CLUSTER_KEYS: readonly PoolKey[] = await Promise.all([
  poolKey({
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }),
  poolKey(P256),
  poolKey({ name: 'ECDSA', namedCurve: 'P-384' }),
  poolKey({ name: 'ECDSA', namedCurve: 'P-521' }),
])

/** Makes the one key of our own, each time: for one issuer with algorithm ES256. */
export function ownKeyManager(): FakeKeyManager {
  return {
    ...fakeKeyManager({ sign: async () => new Uint8Array(64) }),
    create: async ({ slot }) => ({ ...OWN_KEY, keyRef: keyRef(`reference-of-${slot}`) }),
  }
}

/** What tells a key from every other one, as a JWK Set shows it. */
export function materialOf(jwk: Readonly<Record<string, unknown>>): string {
  const { kty, n, e, crv, x, y } = jwk
  return JSON.stringify(kty === 'RSA' ? [kty, n, e] : [kty, crv, x, y])
}

/** Public keys by number, for whom nobody asks whether they verify anything. */
export function numberedRsaJwk(number: number): PublicJwk {
  return { kty: 'RSA', n: encodeBase64Url(new Uint8Array([1, number])), e: 'AQAB' }
}
