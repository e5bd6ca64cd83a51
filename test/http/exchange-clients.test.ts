/**
 * Clients that others wrote exchange tokens over the network, by what discovery tells them and nothing else.
 */

import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type WorkerHost, workerHost } from '../support/hosts/worker.ts'
import {
  createExchangingIssuer,
  type ExchangingIssuer,
  TOKEN_EXCHANGE,
  TOKEN_TYPE,
} from './suite/exchanging.ts'

const AUDIENCE = 'sts.amazonaws.com'

type Parameters = Readonly<Record<string, string>>

interface Exchanged {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in?: number | undefined
  readonly issued_token_type?: unknown
}

/** What a library made of an error of the endpoint. */
interface NamedError {
  readonly status: number
  readonly error: string
  readonly description: string | undefined
}

interface Client {
  readonly name: string
  exchange(issuer: string, parameters: Parameters): Promise<Exchanged>
  errorOf(error: unknown): NamedError
}

// Loopback has no TLS; everywhere else these libraries insist on it.
const INSECURE = { [oauth.allowInsecureRequests]: true }

const CLIENTS: readonly Client[] = [
  {
    name: 'oauth4webapi',
    exchange: async (issuer, parameters) => {
      const url = new URL(issuer)
      const discovered = await oauth.discoveryRequest(url, { ...INSECURE, algorithm: 'oauth2' })
      const server = await oauth.processDiscoveryResponse(url, discovered)
      const client = { client_id: 'somebody' }
      const response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        oauth.None(),
        TOKEN_EXCHANGE,
        { ...parameters },
        INSECURE,
      )
      return oauth.processGenericTokenEndpointResponse(server, client, response, {
        recognizedTokenTypes: { n_a: () => {} },
      })
    },
    errorOf: (error) => {
      if (!(error instanceof oauth.ResponseBodyError)) throw error
      return { status: error.status, error: error.error, description: error.error_description }
    },
  },
  {
    name: 'openid-client',
    exchange: async (issuer, parameters) => {
      const configuration = await openid.discovery(
        new URL(issuer),
        'somebody',
        undefined,
        openid.None(),
        { execute: [openid.allowInsecureRequests] },
      )
      return openid.genericGrantRequest(configuration, TOKEN_EXCHANGE, { ...parameters })
    },
    errorOf: (error) => {
      if (!(error instanceof openid.ResponseBodyError)) throw error
      return { status: error.status, error: error.error, description: error.error_description }
    },
  },
]

let host: WorkerHost
let issuer: ExchangingIssuer

beforeAll(async () => {
  host = await workerHost()
  issuer = await createExchangingIssuer(host)
})

afterAll(() => host.close())

describe.each(CLIENTS)('$name', (client) => {
  const exchange = (changes: Parameters = {}) =>
    client.exchange(issuer.issuer, {
      subject_token: issuer.subjectToken(),
      subject_token_type: `${TOKEN_TYPE}jwt`,
      audience: AUDIENCE,
      ...changes,
    })

  test('exchanges a token, which jose verifies by the published keys', async () => {
    const answer = await exchange()
    expect(answer).toMatchObject({
      token_type: 'bearer',
      expires_in: 3595,
      issued_token_type: `${TOKEN_TYPE}jwt`,
    })
    const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(answer.access_token, keys, {
      issuer: issuer.issuer,
      audience: AUDIENCE,
      subject: 'system:serviceaccount:payments:api',
    })
    expect(payload.aud).toBe(AUDIENCE)
  })

  test('gets an access token as one', async () => {
    const requested_token_type = `${TOKEN_TYPE}access_token`
    const answer = await exchange({ requested_token_type })
    expect(answer).toMatchObject({ token_type: 'bearer', issued_token_type: requested_token_type })
  })

  test.each<[title: string, error: string, changes: () => Parameters]>([
    [
      'an expired token',
      'invalid_request',
      () => ({ subject_token: issuer.subjectToken({ exp: 1 }) }),
    ],
    [
      'a token for somebody else',
      'invalid_request',
      () => ({ subject_token: issuer.subjectToken({ aud: AUDIENCE }) }),
    ],
    ['no token', 'invalid_request', () => ({ subject_token: 'x' })],
    ['another audience', 'invalid_target', () => ({ audience: 'elsewhere' })],
    ['a scope', 'invalid_scope', () => ({ scope: 'openid' })],
  ])('understands why it is refused for %s', async (_title, error, changes) => {
    const refused = await exchange(changes()).then(
      () => new Error('it was not'),
      (thrown: unknown) => client.errorOf(thrown),
    )
    expect(refused).toMatchObject({ status: 400, error })
    expect(refused).toHaveProperty('description', expect.stringMatching(/^\S.{20,}/) as string)
  })
})

test('oauth4webapi gets an ID token as one that is no credential', async () => {
  const [client] = CLIENTS
  const answer = await client?.exchange(issuer.issuer, {
    subject_token: issuer.subjectToken(),
    subject_token_type: `${TOKEN_TYPE}id_token`,
    requested_token_type: `${TOKEN_TYPE}id_token`,
    audience: AUDIENCE,
  })
  expect(answer).toMatchObject({ token_type: 'n_a', issued_token_type: `${TOKEN_TYPE}id_token` })
})

test('a client with a secret is told that there are none', async () => {
  const url = new URL(issuer.issuer)
  const server = await oauth.processDiscoveryResponse(
    url,
    await oauth.discoveryRequest(url, INSECURE),
  )
  const parameters = {
    subject_token: issuer.subjectToken(),
    subject_token_type: `${TOKEN_TYPE}jwt`,
    audience: AUDIENCE,
  }
  const client = { client_id: 'somebody' }
  for (const authentication of [
    oauth.ClientSecretBasic('marked-secret'),
    oauth.ClientSecretPost('marked-secret'),
  ]) {
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      authentication,
      TOKEN_EXCHANGE,
      parameters,
      INSECURE,
    )
    expect([400, 401]).toContain(response.status)
    expect(await response.text()).toContain('"invalid_client"')
  }
  expect(host.logLines().join('\n')).not.toContain('marked-secret')
})
