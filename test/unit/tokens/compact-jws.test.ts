import { compactVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { ALGORITHMS, SIGNING_ALGORITHMS } from '../../../src/crypto/algorithms.ts'
import { signingInput, signToken } from '../../../src/tokens/compact-jws.ts'
import { NOW } from '../../support/fixtures.ts'

const CLAIMS = {
  iss: 'https://oidc.example.com/prod',
  sub: 'größe ✓',
  aud: 'sts.amazonaws.com',
  iat: NOW,
  nbf: NOW,
  exp: NOW + 600,
  jti: 'a-jti',
}

describe('a compact JWS', () => {
  test.each(SIGNING_ALGORITHMS)('signed with %s is verified by another library', async (alg) => {
    const { generate, sign } = ALGORITHMS[alg]
    const { privateKey, publicKey } = await crypto.subtle.generateKey(generate, false, [
      'sign',
      'verify',
    ])
    const signer = {
      sign: async (data: Uint8Array<ArrayBuffer>) =>
        new Uint8Array(await crypto.subtle.sign(sign, privateKey, data)),
    }
    const token = await signToken(signingInput({ alg, kid: 'kid-a', typ: 'JWT' }, CLAIMS), signer)
    const { payload, protectedHeader } = await compactVerify(token, publicKey)
    expect(protectedHeader).toEqual({ alg, kid: 'kid-a', typ: 'JWT' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(CLAIMS)
  })

  test('is header, claims and signature as base64url with dots between', async () => {
    const input = signingInput({ alg: 'RS256', kid: 'kid-a', typ: 'JWT' }, CLAIMS)
    const token = await signToken(input, { sign: async () => Uint8Array.of(251, 239, 255) })
    expect(token).toBe(`${input}.--__`)
    expect(input).toMatch(/^[\w-]+\.[\w-]+$/)
  })

  test('is signed over its first two parts', async () => {
    const signed: string[] = []
    await signToken('header.claims', {
      sign: async (data) => {
        signed.push(new TextDecoder().decode(data))
        return new Uint8Array(1)
      },
    })
    expect(signed).toEqual(['header.claims'])
  })
})
