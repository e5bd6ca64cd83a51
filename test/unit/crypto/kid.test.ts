import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { kidOfSpki } from '../../../src/crypto/kid.ts'

/** An Ed25519 public key of the specification (RFC 8410 §10.1): a fixed key, so a fixed name. */
const RFC_8410_SPKI = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE='

describe('kid', () => {
  test.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['EC', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ])('of an %s key is the SHA-256 of its SPKI in DER, as base64url', async (_title, generate) => {
    const spki = generate().publicKey.export({ type: 'spki', format: 'der' })
    const expected = createHash('sha256').update(spki).digest('base64url')
    expect(await kidOfSpki(new Uint8Array(spki))).toBe(expected)
  })

  test('of a fixed key does not change', async () => {
    const spki = new Uint8Array(Buffer.from(RFC_8410_SPKI, 'base64'))
    expect(await kidOfSpki(spki)).toBe('oekVYFTgT6yJmunydRMs3Ael28TqLCrTof_G4NJTaB8')
  })
})
