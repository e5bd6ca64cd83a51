import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../../src/crypto/algorithms.ts'
import type { Bytes } from '../../../src/crypto/base64url.ts'
import { publicKeyOfSpki } from '../../../src/crypto/spki.ts'

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })

const PUBLIC_KEYS: Readonly<Record<SigningAlgorithm, KeyObject>> = {
  RS256: rsa(2048).publicKey,
  ES256: ec('P-256').publicKey,
}

function spkiOf(key: KeyObject): Bytes {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }))
}

describe.each(SIGNING_ALGORITHMS)('a public key for %s', (alg) => {
  const key = PUBLIC_KEYS[alg]

  test('is named by the hash of its DER, and has the members that make it', async () => {
    const spki = spkiOf(key)
    expect(await publicKeyOfSpki(spki, alg)).toEqual({
      kid: createHash('sha256').update(spki).digest('base64url'),
      publicJwk: key.export({ format: 'jwk' }),
    })
  })

  test('is the same each time, and leaves its bytes as they are', async () => {
    const spki = spkiOf(key)
    expect(await publicKeyOfSpki(spki, alg)).toEqual(await publicKeyOfSpki(spki, alg))
    expect(spki).toEqual(spkiOf(key))
  })
})

test('an RSA key of another size is taken: who makes keys says how long they are', async () => {
  const { publicKey } = rsa(3072)
  const { publicJwk } = await publicKeyOfSpki(spkiOf(publicKey), 'RS256')
  expect(publicJwk).toEqual(publicKey.export({ format: 'jwk' }))
})

test.each<[string, SigningAlgorithm, () => Bytes]>([
  ['a key of RSA for ES256', 'ES256', () => spkiOf(PUBLIC_KEYS.RS256)],
  ['a key of P-256 for RS256', 'RS256', () => spkiOf(PUBLIC_KEYS.ES256)],
  ['a key of P-384 for ES256', 'ES256', () => spkiOf(ec('P-384').publicKey)],
  ['a key of secp256k1 for ES256', 'ES256', () => spkiOf(ec('secp256k1').publicKey)],
  ['a key of Ed25519 for ES256', 'ES256', () => spkiOf(generateKeyPairSync('ed25519').publicKey)],
  [
    'a private key',
    'RS256',
    () => new Uint8Array(rsa(2048).privateKey.export({ format: 'der', type: 'pkcs8' })),
  ],
  ['half a key', 'RS256', () => spkiOf(PUBLIC_KEYS.RS256).slice(0, 140)],
  ['a PEM', 'RS256', () => new TextEncoder().encode('-----BEGIN PUBLIC KEY-----')],
  ['nothing', 'ES256', () => new Uint8Array()],
])('%s is refused', async (_, alg, spki) => {
  await expect(publicKeyOfSpki(spki(), alg)).rejects.toBeInstanceOf(DOMException)
})
