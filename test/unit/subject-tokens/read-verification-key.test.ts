import { describe, expect, test } from 'vitest'
import { readAdoptableKeys } from '../../../src/adoption/adoptable-key.ts'
import type { JsonObject } from '../../../src/json.ts'
import { readVerificationKey } from '../../../src/subject-tokens/read-verification-key.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'

const RSA = newSubjectKey('RS256', 'rsa-1')
const P384 = newSubjectKey('ES384', 'ec-1')

function without(jwk: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(jwk).filter(([member]) => member !== name))
}

describe('a key of a foreign set', () => {
  test.each([RSA, P384])(
    'is read by what it is: $alg',
    async ({ jwk, fingerprint, publicJwk, alg, kid }) => {
      const key = { kid, fingerprint, publicJwk, algorithms: [alg] }
      expect(await readVerificationKey({ ...jwk, x5t: 'unknown' })).toEqual({
        ok: true,
        value: key,
      })
    },
  )

  test('has the name that Kubernetes would give it, where it has none', async () => {
    const read = await readVerificationKey(without(RSA.jwk, 'kid'))
    expect(read).toMatchObject({ ok: true, value: { kid: RSA.fingerprint } })
    const adopted = await readAdoptableKeys(JSON.stringify(without(RSA.jwk, 'kid')), undefined)
    expect(adopted).toMatchObject({ value: [{ fingerprint: RSA.fingerprint }] })
  })

  test.each([
    [RSA, ['RS256', 'RS384', 'RS512']],
    [P384, ['ES384']],
  ])(
    'verifies what goes with its type, where it names no alg: $0.alg',
    async ({ jwk }, algorithms) => {
      const read = await readVerificationKey(without(jwk, 'alg'))
      expect(read).toMatchObject({ ok: true, value: { algorithms } })
    },
  )

  test.each<[string, JsonObject, RegExp]>([
    ['a private one', { ...P384.jwk, d: 'AAAA' }, /^holds private material/],
    ['a symmetric one', { kty: 'oct', k: 'AAAA' }, /^is symmetric/],
    ['one for encryption', { ...RSA.jwk, use: 'enc' }, /^must be for signatures/],
    ['one of another alg', { ...RSA.jwk, alg: 'ES256' }, /^has alg ES256/],
    ['one of no alg that is verified', { ...RSA.jwk, alg: 'PS256' }, /^has alg "PS256"/],
    ['an unknown type', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }, /^must be an RSA key/],
    ['a weak one', { kty: 'RSA', n: 'gQ', e: 'AQAB' }, /^must have an RSA modulus of 2048/],
    [
      'a point beside its curve',
      { ...P384.jwk, x: P384.jwk['y'], y: P384.jwk['x'] },
      /^must be an RSA public key .* got numbers that make no key/,
    ],
  ])('refuses %s', async (_title, jwk, message) => {
    const read = await readVerificationKey(jwk)
    expect(read).toMatchObject({ ok: false, refusal: { reason: 'invalid_request' } })
    expect(read.ok ? '' : read.refusal.message).toMatch(message)
  })
})
