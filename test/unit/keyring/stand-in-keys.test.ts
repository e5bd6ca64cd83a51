import { expect, test } from 'vitest'
import { kidOfSpki } from '../../../src/crypto/kid.ts'
import { utf8 } from '../../../src/crypto/base64url.ts'
import {
  PUBLISHED_ALGORITHM_NAMES,
  PUBLISHED_ALGORITHMS,
} from '../../../src/crypto/published-algorithms.ts'
import { KID_CHARS, standInJwk } from '../../../src/keyring/stand-in-keys.ts'

test('a kid has as many characters as a real one', async () => {
  expect(await kidOfSpki(utf8('any'))).toHaveLength(KID_CHARS)
})

test.each(PUBLISHED_ALGORITHM_NAMES)('a stand-in of %s is as long as a real key', async (alg) => {
  const { import: parameters } = PUBLISHED_ALGORITHMS[alg]
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const usages = ['sign', 'verify'] as const
  const { publicKey } = await crypto.subtle.generateKey({ ...rsa, ...parameters }, true, usages)
  const real: Record<string, unknown> = { ...(await crypto.subtle.exportKey('jwk', publicKey)) }
  for (const [name, value] of Object.entries(standInJwk(alg))) {
    expect([name, String(real[name]).length]).toEqual([name, value.length])
  }
  expect(standInJwk(alg).kty).toBe(real['kty'])
})
