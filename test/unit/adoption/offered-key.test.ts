/**
 * Every reason for which a member of a JWK Set is refused, as its operator reads it.
 */

import { describe, expect, test } from 'vitest'
import { readAdoptableKeys } from '../../../src/adoption/adoptable-key.ts'
import { refusalOf } from '../../support/fixtures.ts'
import { ecKey, type Jwk, jwkOf, rsaKey, setOf } from './cluster-keys.ts'

const RSA_PAIR = rsaKey(2048)
const RSA = jwkOf(RSA_PAIR.publicKey)
const P256_PAIR = ecKey('prime256v1')
const P256 = jwkOf(P256_PAIR.publicKey)
const P384 = jwkOf(ecKey('secp384r1').publicKey)
const MODULUS = Buffer.from(String(RSA['n']), 'base64url')
/** Members whose value a message may repeat. */
const SHOWN = new Set(['kty', 'crv', 'alg', 'use', 'key_ops', 'kid'])

const SYMMETRIC =
  'key 1 is symmetric: whoever can verify with it can sign with it; give an RSA or EC public key'
const KINDS = 'key 1 must be an RSA key of at least 2048 bits or an EC key on P-256, P-384, P-521'
const CURVES = 'key 1 must be on one of the curves P-256, P-384, P-521'
const RSA_MEMBERS =
  'key 1 must have n and e in base64url as RFC 7518 §6 has them, got something else: export the key anew'
const EC_MEMBERS = RSA_MEMBERS.replace('n and e', 'x and y')
const NO_KEY =
  'key 1 must have an odd RSA modulus and an odd exponent of at least 3 and at most 31 bits, got others: they make no RSA key'
const LEADING_ZEROS =
  'key 1 must have n and e without leading zero bytes (RFC 7518 §6.3.1), got some: export the key anew'
const UNREADABLE =
  'key 1 must be an RSA public key of at least 2048 bits or an EC public key on P-256, P-384, P-521, got a key of another type, or none: have the cluster sign with one of these'
const ALGS = 'allowed are RS256, RS384, RS512, ES256, ES384, ES512: AWS takes no other'
const KID =
  'must have a kid of 1 to 255 printable ASCII characters without spaces, got %: give the one that its tokens carry, or leave the member out to have it derived as Kubernetes does'
const KEY_OPS =
  'key 1 must be for verifying (key_ops with "verify"), got other key_ops: leave it out of the set'

/** The modulus with other bytes, of the length that is asked for. */
function modulusOf(bytes: number, first: number): string {
  const modulus = Buffer.alloc(bytes, MODULUS)
  modulus[0] = first
  modulus[bytes - 1] = 0x01
  return modulus.toString('base64url')
}

function withLast(text: unknown, change: (byte: number) => number): string {
  const bytes = Buffer.from(String(text), 'base64url')
  bytes[bytes.length - 1] = change(bytes.at(-1) ?? 0)
  return bytes.toString('base64url')
}

/** The next letter: 256 bytes end with four bits, of which the last letter has two more that say nothing. */
function respelled(text: unknown): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${String(text).slice(0, -1)}${letters[letters.indexOf(String(text).at(-1) ?? '') + 1]}`
}

function sized(bits: number): string {
  return `key 1 must have an RSA modulus of 2048 to 8192 bits, got ${bits}: sign with a key of the right size`
}

function privateMember(member: string): string {
  return `key 1 holds private material (member ${member}), which must never leave whoever signs with it: give the public key alone, and replace this one if it was sent anywhere`
}

/** The refusal of a set of one, which repeats nothing of the key. */
async function refusalOfJwk(jwk: Jwk): Promise<string> {
  const refusal = refusalOf(await readAdoptableKeys(setOf(jwk), undefined))
  expect(refusal.reason).toBe('invalid_request')
  const values = Object.entries(jwk).filter(([name]) => !SHOWN.has(name))
  const repeated = values.filter(
    ([, value]) =>
      typeof value === 'string' && value.length >= 4 && refusal.message.includes(value),
  )
  expect(repeated).toEqual([])
  return refusal.message
}

describe('material that must not be there', () => {
  test.each<[string, Jwk, string]>([
    ['refuses the private key of an RSA pair', jwkOf(RSA_PAIR.privateKey), privateMember('d')],
    ['refuses the private key of an EC pair', jwkOf(P256_PAIR.privateKey), privateMember('d')],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv'].map((member): [string, Jwk, string] => [
      `refuses the private member ${member} alone`,
      { ...RSA, [member]: 'PRIVATE-MATERIAL' },
      privateMember(member),
    ]),
    ['refuses a private member without value', { ...RSA, d: null }, privateMember('d')],
    [
      'refuses a private member of a type that is not taken',
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'PUBLIC', priv: 'PRIVATE-MATERIAL' },
      privateMember('priv'),
    ],
    ['refuses a symmetric key', { kty: 'oct', k: 'PRIVATE-MATERIAL' }, SYMMETRIC],
    ['refuses a symmetric key without its value', { kty: 'oct' }, SYMMETRIC],
    ['refuses a stray k', { ...RSA, k: 'PRIVATE-MATERIAL' }, SYMMETRIC],
  ])('%s', async (_title, jwk, sentence) => {
    expect(await refusalOfJwk(jwk)).toBe(sentence)
  })
})

describe('the key itself', () => {
  test.each<[string, Jwk, string]>([
    [
      'refuses Ed25519',
      { kty: 'OKP', crv: 'Ed25519', x: 'PUBLIC-MATERIAL' },
      `${KINDS}, got kty "OKP"`,
    ],
    ['refuses ML-DSA', { kty: 'AKP', pub: 'PUBLIC-MATERIAL' }, `${KINDS}, got kty "AKP"`],
    ['refuses a key without type', { n: RSA['n'], e: RSA['e'] }, `${KINDS}, got no kty`],
    ['refuses a type in lower case', { ...RSA, kty: 'rsa' }, `${KINDS}, got kty "rsa"`],
    ['refuses a type that is no text', { ...RSA, kty: 7 }, `${KINDS}, got kty 7`],
    ['refuses secp256k1', jwkOf(ecKey('secp256k1').publicKey), `${CURVES}, got "secp256k1"`],
    ['refuses P-224', { ...P256, crv: 'P-224' }, `${CURVES}, got "P-224"`],
    ['refuses no curve', { kty: 'EC', x: P256['x'], y: P256['y'] }, `${CURVES}, got nothing`],
    ['refuses RSA of 1024 bits', jwkOf(rsaKey(1024).publicKey), sized(1024)],
    ['refuses RSA of 2047 bits', { ...RSA, n: modulusOf(256, 0x7f) }, sized(2047)],
    ['refuses RSA of 8193 bits', { ...RSA, n: modulusOf(1025, 0x01) }, sized(8193)],
    ['refuses an even modulus', { ...RSA, n: withLast(RSA['n'], (byte) => byte & 0xfe) }, NO_KEY],
    ['refuses an even exponent', { ...RSA, e: 'AQAA' }, NO_KEY],
    ['refuses the exponent 1', { ...RSA, e: 'AQ' }, NO_KEY],
    ['refuses an exponent of 32 bits', { ...RSA, e: '_____w' }, NO_KEY],
    [
      'refuses a modulus behind a zero',
      { ...RSA, n: Buffer.from([0, ...MODULUS]).toString('base64url') },
      LEADING_ZEROS,
    ],
    ['refuses an exponent behind a zero', { ...RSA, e: 'AAEAAQ' }, LEADING_ZEROS],
    ['refuses the exponent 0', { ...RSA, e: 'AA' }, LEADING_ZEROS],
    ['refuses no modulus', { kty: 'RSA', e: 'AQAB' }, RSA_MEMBERS],
    ['refuses no exponent', { kty: 'RSA', n: RSA['n'] }, RSA_MEMBERS],
    ['refuses an empty modulus', { ...RSA, n: '' }, RSA_MEMBERS],
    ['refuses an exponent in digits', { ...RSA, e: 65537 }, RSA_MEMBERS],
    ['refuses padding', { ...RSA, n: `${String(RSA['n'])}==` }, RSA_MEMBERS],
    ['refuses a line break', { ...RSA, n: `${String(RSA['n'])}\n` }, RSA_MEMBERS],
    ['refuses bits that say nothing', { ...RSA, n: respelled(RSA['n']) }, RSA_MEMBERS],
    ['refuses the alphabet of base64', { ...RSA, e: '+/8B' }, RSA_MEMBERS],
    ['refuses a coordinate that is short', { ...P256, x: 'AAAA' }, EC_MEMBERS],
    ['refuses coordinates of another curve', { ...P384, crv: 'P-256' }, EC_MEMBERS],
    ['refuses coordinates of a shorter curve', { ...P256, crv: 'P-521' }, EC_MEMBERS],
    ['refuses a coordinate with padding', { ...P256, y: `${String(P256['y'])}=` }, EC_MEMBERS],
    ['refuses no second coordinate', { kty: 'EC', crv: 'P-256', x: P256['x'] }, EC_MEMBERS],
    [
      'refuses a point beside its curve',
      { ...P256, y: withLast(P256['y'], (byte) => byte ^ 1) },
      UNREADABLE,
    ],
  ])('%s', async (_title, jwk, sentence) => {
    expect(await refusalOfJwk(jwk)).toBe(sentence)
  })
})

describe('what a key says of itself', () => {
  const rsaAlgs = 'which does not go with its type: a key like this verifies RS256, RS384, RS512'

  test.each<[string, Jwk, string]>([
    ...['none', 'HS256', 'PS256', 'EdDSA', 'rs256', '', 'toString'].map(
      (alg): [string, Jwk, string] => [
        `refuses alg "${alg}"`,
        { ...RSA, alg },
        `key 1 has alg "${alg}", ${ALGS}`,
      ],
    ),
    ['refuses an alg that is no text', { ...RSA, alg: ['RS256'] }, `key 1 has alg a list, ${ALGS}`],
    ['refuses null for no alg', { ...RSA, alg: null }, `key 1 has alg null, ${ALGS}`],
    [
      'refuses the alg of another type',
      { ...RSA, alg: 'ES256' },
      `key 1 has alg ES256, ${rsaAlgs}`,
    ],
    [
      'refuses the alg of another curve',
      { ...P256, alg: 'ES384' },
      'key 1 has alg ES384, which does not go with its type: a key like this verifies ES256',
    ],
    [
      'refuses a key for encryption',
      { ...RSA, use: 'enc' },
      'key 1 must be for signatures (use "sig"), got use "enc": leave it out of the set',
    ],
    [
      'refuses null for no use',
      { ...RSA, use: null },
      'key 1 must be for signatures (use "sig"), got use null: leave it out of the set',
    ],
    ['refuses key_ops without verify', { ...RSA, key_ops: ['sign', 'encrypt'] }, KEY_OPS],
    ['refuses no key_ops', { ...RSA, key_ops: [] }, KEY_OPS],
    ['refuses key_ops that are no list', { ...RSA, key_ops: 'verify' }, KEY_OPS],
    ['refuses a kid that is no text', { ...RSA, kid: 7 }, `key 1 ${KID.replace('%', '7')}`],
    ['refuses null for no kid', { ...RSA, kid: null }, `key 1 ${KID.replace('%', 'null')}`],
    ...(
      [
        ['an empty kid', '', '""'],
        ['spaces in a kid', 'a b', '"a b"'],
        ['a line break behind a kid', 'kid\n', String.raw`"kid\n"`],
        ['letters beyond ASCII in a kid', 'schlüssel', '"schlüssel"'],
        ['what steers terminals in a kid', 'a\u202eb', String.raw`"a\u{202e}b"`],
        ['a kid of 256 characters', 'k'.repeat(256), `"${'k'.repeat(79)}…`],
      ] as const
    ).map(([title, kid, shown]): [string, Jwk, string] => [
      `refuses ${title}`,
      { ...RSA, kid },
      `key 1 (kid ${shown}) ${KID.replace('%', shown)}`,
    ]),
  ])('%s', async (_title, jwk, sentence) => {
    expect(await refusalOfJwk(jwk)).toBe(sentence)
  })
})

describe('a set with bad keys', () => {
  test('is refused as a whole, and says which one it is', async () => {
    const text = setOf(RSA, { ...P256, kid: 'bad', use: 'enc' })
    expect(refusalOf(await readAdoptableKeys(text, undefined)).message).toBe(
      'key 2 (kid "bad") must be for signatures (use "sig"), got use "enc": leave it out of the set',
    )
  })

  test.each([
    [2, 2, ''],
    [5, 5, ''],
    [6, 5, '; and 1 more'],
    [8, 5, '; and 3 more'],
  ])('of which %i are bad names %i%s', async (bad, named, rest) => {
    const keys = Array.from({ length: bad }, () => ({ ...RSA, use: 'enc' }))
    const { message } = refusalOf(await readAdoptableKeys(setOf(RSA, ...keys), undefined))
    const sentences = Array.from(
      { length: named },
      (_, index) =>
        `key ${index + 2} must be for signatures (use "sig"), got use "enc": leave it out of the set`,
    )
    expect(message).toBe(`${sentences.join('; ')}${rest}`)
  })
})
