/**
 * Verifiers that others wrote, over the network, from the public URLs alone.
 */

import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CreatedIssuer, createIssuer, mintToken } from '../support/hosts/control-client.ts'
import { type WorkerHost, workerHost } from '../support/hosts/worker.ts'

const AUDIENCE = 'sts.amazonaws.com'
const ALGORITHMS = ['RS256', 'ES256'] as const

describe.each(ALGORITHMS)('tokens of an %s issuer', (algorithm) => {
  let host: WorkerHost
  let issuer: CreatedIssuer
  let other: CreatedIssuer

  beforeAll(async () => {
    host = await sharedHost()
    issuer = await createIssuer(host, { algorithm })
    other = await createIssuer(host, { algorithm })
  })

  const token = () => mintToken(host, issuer.id, { audience: AUDIENCE })

  test('jose verifies one, by the JWK Set that discovery names', async () => {
    const jwt = await token()
    const { payload, protectedHeader } = await joseVerify(issuer.issuer, jwt)
    expect(payload).toMatchObject({ iss: issuer.issuer, sub: 'someone', aud: AUDIENCE })
    expect(protectedHeader).toMatchObject({ alg: algorithm, typ: 'JWT' })
  })

  test('jose verifies one of a service account', async () => {
    const serviceAccount = { namespace: 'shop', name: 'web' }
    const jwt = await mintToken(host, issuer.id, { subject: undefined, serviceAccount })
    const { payload } = await joseVerify(issuer.issuer, jwt)
    expect(payload).toMatchObject({ sub: 'system:serviceaccount:shop:web', aud: [AUDIENCE] })
  })

  test('jose refuses one for another audience', async () => {
    const jwt = await mintToken(host, issuer.id, { audience: 'elsewhere' })
    const refused = joseVerify(issuer.issuer, jwt)
    await expect(refused).rejects.toThrow(errors.JWTClaimValidationFailed)
  })

  test('jose refuses one against another issuer', async () => {
    await expect(joseVerify(other.issuer, await token())).rejects.toThrow(errors.JWKSNoMatchingKey)
  })

  test('jose refuses one that says it is of another issuer than its key', async () => {
    const jwt = await token()
    const keys = createRemoteJWKSet(await jwksUriOf(issuer.issuer))
    const refused = jwtVerify(jwt, keys, { issuer: other.issuer, audience: AUDIENCE })
    await expect(refused).rejects.toThrow(errors.JWTClaimValidationFailed)
  })

  test.each<[what: string, change: (parts: readonly string[]) => string[]]>([
    ['other claims', ([h = '', c = '', s = '']) => [h, changedClaims(c), s]],
    ['a changed signature', ([h = '', c = '', s = '']) => [h, c, otherFirstLetter(s)]],
    ['half a signature', ([h = '', c = '', s = '']) => [h, c, s.slice(0, 43)]],
    ['no signature', ([h = '', c = '']) => [h, c, '']],
  ])('jose refuses one with %s', async (_what, change) => {
    const jwt = change((await token()).split('.')).join('.')
    const refused = joseVerify(issuer.issuer, jwt)
    await expect(refused).rejects.toThrow(errors.JWSSignatureVerificationFailed)
  })

  test('node:crypto verifies its signature with the published JWK', async () => {
    const jwt = await token()
    const [header = '', claims = '', signature = ''] = jwt.split('.')
    const { kid } = decodeProtectedHeader(jwt)
    const { keys } = (await (await fetch(await jwksUriOf(issuer.issuer))).json()) as {
      keys: (JsonWebKey & { kid: string })[]
    }
    const jwk = keys.find((key) => key.kid === kid)
    expect(jwk).toMatchObject({ use: 'sig', alg: algorithm })
    const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' })
    const options = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : { key }
    const input = Buffer.from(`${header}.${claims}`)
    expect(verify('sha256', input, options, Buffer.from(signature, 'base64url'))).toBe(true)
    const changed = Buffer.from(`${header}.${changedClaims(claims)}`)
    expect(verify('sha256', changed, options, Buffer.from(signature, 'base64url'))).toBe(false)
  })

  test.each(['oidc', 'oauth2'] as const)(
    'oauth4webapi takes its discovery (%s) and verifies one as an ID token',
    async (form) => {
      const found = await discover(issuer.issuer, form)
      expect(await oauthVerify(found, await token())).toMatchObject({ sub: 'someone' })
    },
  )

  test('oauth4webapi refuses one against another issuer', async () => {
    const found = await discover(other.issuer, 'oidc')
    await expect(oauthVerify(found, await token())).rejects.toThrow(oauth.OperationProcessingError)
  })

  test('oauth4webapi refuses the discovery of another issuer', async () => {
    const response = await oauth.discoveryRequest(new URL(issuer.issuer), INSECURE)
    const refused = oauth.processDiscoveryResponse(new URL(other.issuer), response)
    await expect(refused).rejects.toThrow(oauth.OperationProcessingError)
  })

  test('oauth4webapi refuses one with a changed signature', async () => {
    const found = await discover(issuer.issuer, 'oidc')
    const [header = '', claims = '', signature = ''] = (await token()).split('.')
    const jwt = [header, claims, otherFirstLetter(signature)].join('.')
    await expect(oauthVerify(found, jwt)).rejects.toThrow(oauth.OperationProcessingError)
  })

  test('openid-client discovers it', async () => {
    const configuration = await client.discovery(
      new URL(issuer.issuer),
      AUDIENCE,
      undefined,
      client.None(),
      { execute: [client.allowInsecureRequests] },
    )
    expect(configuration.serverMetadata()).toMatchObject({
      issuer: issuer.issuer,
      id_token_signing_alg_values_supported: [algorithm],
    })
  })
})

let running: Promise<WorkerHost> | undefined

function sharedHost(): Promise<WorkerHost> {
  running ??= workerHost()
  return running
}

afterAll(async () => {
  await (await running)?.close()
})

// Loopback has no TLS; everywhere else these libraries insist on it.
const INSECURE = { [oauth.allowInsecureRequests]: true }

async function jwksUriOf(issuer: string): Promise<URL> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`)
  const { jwks_uri } = (await response.json()) as { jwks_uri: string }
  return new URL(jwks_uri)
}

async function joseVerify(issuer: string, jwt: string) {
  const keys = createRemoteJWKSet(await jwksUriOf(issuer))
  return jwtVerify(jwt, keys, { issuer, audience: AUDIENCE })
}

async function discover(
  issuer: string,
  algorithm: 'oidc' | 'oauth2',
): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  const response = await oauth.discoveryRequest(url, { ...INSECURE, algorithm })
  return oauth.processDiscoveryResponse(url, response)
}

/** As the answer of a token endpoint, since that is where the library checks signatures by `jwks_uri`. */
async function oauthVerify(
  server: oauth.AuthorizationServer,
  jwt: string,
): Promise<oauth.IDToken | undefined> {
  const answer = Response.json({ access_token: 'x', token_type: 'bearer', id_token: jwt })
  const alg = decodeProtectedHeader(jwt).alg ?? ''
  const its = { client_id: AUDIENCE, id_token_signed_response_alg: alg }
  const result = await oauth.processGenericTokenEndpointResponse(server, its, answer)
  await oauth.validateApplicationLevelSignature(server, answer, INSECURE)
  return oauth.getValidatedIdTokenClaims(result)
}

function changedClaims(claims: string): string {
  const text = Buffer.from(claims, 'base64url').toString('utf8')
  return Buffer.from(text.replace('someone', 'anyone')).toString('base64url')
}

function otherFirstLetter(signature: string): string {
  return `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
}
