import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../src/crypto/base64url.ts'
import { equalInConstantTime, sha256, sha256Base64Url } from '../../../src/crypto/digest.ts'

/** FIPS 180-2, appendix B.1. */
const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('SHA-256', () => {
  test('is that of the standard', async () => {
    expect(Buffer.from(await sha256(utf8('abc'))).toString('hex')).toBe(SHA256_OF_ABC)
  })

  test('is shown as base64url without padding', async () => {
    const expected = Buffer.from(SHA256_OF_ABC, 'hex').toString('base64url')
    expect(await sha256Base64Url(utf8('abc'))).toBe(expected)
  })
})

describe('comparison in constant time', () => {
  test.each([
    ['nothing and nothing', [], [], true],
    ['the same bytes', [1, 2, 255], [1, 2, 255], true],
    ['another first byte', [0, 2, 3], [1, 2, 3], false],
    ['another last byte', [1, 2, 3], [1, 2, 2], false],
    ['bytes that differ in the highest bit', [128], [0], false],
    ['differences that cancel each other out', [1, 2], [2, 1], false],
    ['a shorter one', [1, 2], [1, 2, 0], false],
    ['a longer one', [1, 2, 0], [1, 2], false],
    ['nothing and a zero', [], [0], false],
  ])('of %s', (_title, a, b, equal) => {
    expect(equalInConstantTime(Uint8Array.from(a), Uint8Array.from(b))).toBe(equal)
  })
})
