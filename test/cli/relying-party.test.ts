import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { verifyAsRelyingParty } from '../../src/cli/token/relying-party.ts'
import { answeringHost } from '../support/answering-host.ts'

const TOKEN = 'a.b.c'

describe('a relying party', () => {
  test.each([
    ['refuses plain http', 'http://issuer.example', 'its iss must use https'],
    ['refuses a query', 'http://127.0.0.1:1/admin?reboot=1#', 'its iss must have no query'],
    ['refuses what is no URL', 'issuer', 'its iss must be a URL'],
    ['refuses a file', 'file:///etc/passwd', 'its iss must use https'],
  ])('%s as an issuer', async (_title, issuer, sentence) => {
    await expect(verifyAsRelyingParty(TOKEN, issuer, undefined)).rejects.toThrow(sentence)
  })

  test.each([
    [
      'refuses a document of another issuer',
      () => '{"issuer":"https://other.example"}',
      'names another issuer',
    ],
    [
      'refuses a document without a jwks_uri',
      (its: string) => `{"issuer":"${its}"}`,
      'names no https jwks_uri',
    ],
    [
      'refuses keys from another service of this machine',
      (its: string) => `{"issuer":"${its}","jwks_uri":"http://127.0.0.1:1/admin"}`,
      'names no https jwks_uri',
    ],
    [
      'refuses keys over plain http',
      (its: string) => `{"issuer":"${its}","jwks_uri":"http://keys.example"}`,
      'names no https jwks_uri',
    ],
    [
      'refuses keys that are none',
      (its: string) => `{"issuer":"${its}","jwks_uri":"${its}/keys"}`,
      'malformed',
    ],
    ['refuses a page', () => '<html>', 'does not answer with JSON of at most'],
    [
      'refuses a document without end',
      () => `["${'a'.repeat(300_000)}"]`,
      'does not answer with JSON of at most',
    ],
  ])('%s', async (_title, bodyOf, sentence) => {
    let url = ''
    await using host = await answeringHost(200, () => bodyOf(url))
    url = host.url
    await expect(verifyAsRelyingParty(TOKEN, host.url, undefined)).rejects.toThrow(sentence)
  })

  test('refuses a redirect, and does not follow it', async () => {
    await using host = await answeringHost(302, '')
    await expect(verifyAsRelyingParty(TOKEN, host.url, undefined)).rejects.toThrow(
      'with status 302',
    )
    expect(host.seen).toEqual(['/.well-known/openid-configuration'])
  })
})

describe('a token that its issuer signed', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keySet = JSON.stringify({ keys: [await exportJWK(publicKey)] })

  async function verify(changes: (issuer: string) => Record<string, unknown>): Promise<unknown> {
    let url = ''
    await using host = await answeringHost(200, (path) =>
      path === '/keys' ? keySet : JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }),
    )
    url = host.url
    const claims = { iss: url, sub: 'a', aud: 'b', iat: 1, exp: 9e9, ...changes(url) }
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    return await verifyAsRelyingParty(token, url, 'b')
  }

  test('is taken', async () => {
    await expect(verify(() => ({}))).resolves.toMatchObject({})
  })

  test.each<[string, (issuer: string) => Record<string, unknown>, string]>([
    ['for another audience', () => ({ aud: 'c' }), 'unexpected "aud"'],
    ['in the name of another issuer', (its) => ({ iss: `${its}/a` }), 'unexpected "iss"'],
    ['that is past its time', () => ({ exp: 2 }), '"exp" claim timestamp check failed'],
    ['without an end', () => ({ exp: undefined }), 'missing required "exp" claim'],
    ['without a beginning', () => ({ iat: undefined }), 'missing required "iat" claim'],
    ['without a subject', () => ({ sub: undefined }), 'missing required "sub" claim'],
  ])('%s is refused', async (_title, changes, sentence) => {
    await expect(verify(changes)).rejects.toThrow(sentence)
  })
})
