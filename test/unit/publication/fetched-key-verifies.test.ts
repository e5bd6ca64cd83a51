import { Buffer } from 'node:buffer'
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../../src/crypto/algorithms.ts'
import { type Bytes, utf8 } from '../../../src/crypto/base64url.ts'
import type { PublicJwk } from '../../../src/crypto/public-jwk.ts'
import { fetchedKeyVerifies } from '../../../src/publication/fetched-key-verifies.ts'
import type { ObservedKey } from '../../../src/publication/observation.ts'

const DATA = utf8('header.payload')

interface Pair {
  readonly fetched: ObservedKey
  readonly sign: (data: Bytes) => Bytes
}

/** Signed by another implementation than the one that verifies. */
function pairOf(alg: SigningAlgorithm): Pair {
  const { publicKey, privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    fetched: { kid: 'kid-a', alg, publicJwk: publicKey.export({ format: 'jwk' }) as PublicJwk },
    sign: (data) => signed(data, privateKey),
  }
}

function signed(data: Bytes, key: KeyObject): Bytes {
  return new Uint8Array(createSign('SHA256').update(data).sign({ key, dsaEncoding: 'ieee-p1363' }))
}

const PAIRS: Readonly<Record<SigningAlgorithm, readonly [Pair, Pair]>> = {
  RS256: [pairOf('RS256'), pairOf('RS256')],
  ES256: [pairOf('ES256'), pairOf('ES256')],
}

describe.each(SIGNING_ALGORITHMS)('%s', (alg) => {
  const [own, other] = PAIRS[alg]
  const otherAlg = alg === 'RS256' ? 'ES256' : 'RS256'

  test('the key that was fetched verifies what its private key signed', async () => {
    expect(await fetchedKeyVerifies(own.fetched, alg, DATA, own.sign(DATA))).toBe(true)
  })

  test('another key does not, whatever its kid', async () => {
    expect(other.fetched.kid).toBe(own.fetched.kid)
    expect(await fetchedKeyVerifies(other.fetched, alg, DATA, own.sign(DATA))).toBe(false)
  })

  test('it does not verify a signature over something else', async () => {
    expect(await fetchedKeyVerifies(own.fetched, alg, utf8('other'), own.sign(DATA))).toBe(false)
  })

  test.each([0, 1, -1])('it does not verify a signature with byte %i changed', async (at) => {
    const signature = own.sign(DATA)
    const index = at < 0 ? signature.length + at : at
    signature[index] = (signature[index] ?? 0) ^ 1
    expect(await fetchedKeyVerifies(own.fetched, alg, DATA, signature)).toBe(false)
  })

  test.each([
    ['none', new Uint8Array()],
    ['short', own.sign(DATA).slice(1)],
    ['long', new Uint8Array([...own.sign(DATA), 0])],
  ])('it does not verify a signature that is %s', async (_title, signature) => {
    expect(await fetchedKeyVerifies(own.fetched, alg, DATA, signature)).toBe(false)
  })

  test('a key of another algorithm does not', async () => {
    const signature = own.sign(DATA)
    const renamed = { ...PAIRS[otherAlg][0].fetched, alg }
    expect(await fetchedKeyVerifies(PAIRS[otherAlg][0].fetched, alg, DATA, signature)).toBe(false)
    expect(await fetchedKeyVerifies(renamed, alg, DATA, signature)).toBe(false)
    for (const published of [otherAlg, 'RS512', 'PS256', '']) {
      const misnamed = { ...own.fetched, alg: published }
      expect(await fetchedKeyVerifies(misnamed, alg, DATA, signature)).toBe(false)
    }
  })
})

test.each<[string, SigningAlgorithm, PublicJwk]>([
  ['a modulus that is no base64url', 'RS256', { kty: 'RSA', n: '***', e: 'AQAB' }],
  ['an empty modulus', 'RS256', { kty: 'RSA', n: '', e: 'AQAB' }],
  ['a point beside the curve', 'ES256', { kty: 'EC', crv: 'P-256', ...beside('AQ') }],
  ['coordinates of another curve', 'ES256', { kty: 'EC', crv: 'P-256', ...beside('AQAB') }],
  [
    'another curve',
    'ES256',
    { ...(PAIRS.ES256[0].fetched.publicJwk as object), crv: 'P-384' } as PublicJwk,
  ],
])('a key of %s is none, and verifies nothing', async (_title, alg, publicJwk) => {
  const signature = PAIRS[alg][0].sign(DATA)
  expect(await fetchedKeyVerifies({ kid: 'k', alg, publicJwk }, alg, DATA, signature)).toBe(false)
})

function beside(byte: string): { readonly x: string; readonly y: string } {
  const coordinate = Buffer.alloc(32, Buffer.from(byte, 'base64url')).toString('base64url')
  return { x: coordinate, y: coordinate }
}
