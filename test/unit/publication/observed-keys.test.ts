import { describe, expect, test } from 'vitest'
import { observedKeys } from '../../../src/publication/observed-keys.ts'
import { EC_KEY, EC_MEMBER, RSA_KEY, RSA_MEMBER } from './public-documents.ts'

const P521 = { kty: 'EC', crv: 'P-521', x: 'x', y: 'y' }

describe('a member that is taken', () => {
  test.each([
    ['an RSA key', RSA_MEMBER, RSA_KEY],
    ['an EC key', EC_MEMBER, EC_KEY],
    [
      'of another curve',
      { kid: 'k', alg: 'ES512', ...P521 },
      { kid: 'k', alg: 'ES512', publicJwk: P521 },
    ],
    [
      'of an algorithm that we do not know',
      { ...RSA_MEMBER, alg: 'PS256' },
      { ...RSA_KEY, alg: 'PS256' },
    ],
    ['without a use', { ...RSA_MEMBER, use: undefined }, RSA_KEY],
    ['for verifying', { ...RSA_MEMBER, key_ops: ['verify'] }, RSA_KEY],
    ['with members that nobody knows', { ...EC_MEMBER, x5c: ['certificate'], n: 'n' }, EC_KEY],
  ])('%s', (_title, member, expected) => {
    expect(observedKeys([member])).toEqual([expected])
  })
})

test.each([
  ['without a kid', { ...RSA_MEMBER, kid: undefined }],
  ['with an empty kid', { ...RSA_MEMBER, kid: '' }],
  ['with a kid that is a number', { ...RSA_MEMBER, kid: 7 }],
  ['without an algorithm', { ...RSA_MEMBER, alg: undefined }],
  ['with an algorithm that is none', { ...RSA_MEMBER, alg: ['RS256'] }],
  ['without a modulus', { ...RSA_MEMBER, n: undefined }],
  ['with an exponent that is a number', { ...RSA_MEMBER, e: 65_537 }],
  ['without a curve', { ...EC_MEMBER, crv: undefined }],
  ['of a curve that AWS does not take', { ...EC_MEMBER, crv: 'secp256k1' }],
  ['without an ordinate', { ...EC_MEMBER, y: '' }],
  ['without an abscissa', { ...EC_MEMBER, x: null }],
  ['of type OKP', { ...EC_MEMBER, kty: 'OKP', crv: 'Ed25519' }],
  ['of type oct', { kid: 'k', alg: 'HS256', kty: 'oct', k: 'secret' }],
  ['without a type', { ...EC_MEMBER, kty: undefined }],
  ['of a type that a prototype has', { ...EC_MEMBER, crv: 'constructor' }],
  ['for encryption', { ...RSA_MEMBER, use: 'enc' }],
  ['for a use that is null', { ...RSA_MEMBER, use: null }],
  ['for signing alone', { ...RSA_MEMBER, key_ops: ['sign'] }],
  ['for operations that are no list', { ...RSA_MEMBER, key_ops: 'verify' }],
  ['with nothing', {}],
])('a member %s is left out, and the others are taken', (_title, member) => {
  expect(observedKeys([EC_MEMBER, member, RSA_MEMBER])).toEqual([EC_KEY, RSA_KEY])
})

test('private members go no further', () => {
  const secret = 'marked-secret'
  const rsa = { d: secret, p: secret, q: secret, dp: secret, dq: secret, qi: secret, oth: [secret] }
  const keys = observedKeys([
    { ...RSA_MEMBER, ...rsa },
    { ...EC_MEMBER, d: secret },
  ])
  expect(keys).toEqual([RSA_KEY, EC_KEY])
  expect(JSON.stringify(keys)).not.toContain(secret)
})

test('two members of one kid are both there', () => {
  const other = { ...EC_MEMBER, kid: RSA_MEMBER.kid }
  expect(observedKeys([RSA_MEMBER, other])).toEqual([RSA_KEY, { ...EC_KEY, kid: RSA_KEY.kid }])
})
