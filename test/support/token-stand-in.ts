/**
 * A token endpoint that nobody here wrote the rest of: it takes any form, keeps what it was sent, and answers as it is told.
 */

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

export interface StandInRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface StandInAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface TokenStandIn extends AsyncDisposable {
  /** Of the issuer: the endpoint is below it. */
  readonly issuer: string
  readonly requests: readonly StandInRequest[]
  /** From the next request on. What does not resolve keeps the client waiting. */
  answer: (count: number) => StandInAnswer | Promise<StandInAnswer>
}

export async function tokenStandIn(answer: TokenStandIn['answer']): Promise<TokenStandIn> {
  const requests: StandInRequest[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    requests.push({ method, path, headers, body: await text(request) })
    const { status = 200, headers: own = {}, body } = await host.answer(requests.length)
    response.writeHead(status, { 'Content-Type': 'application/json', ...own }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const host: TokenStandIn = {
    issuer: `http://127.0.0.1:${address.port}/prod`,
    requests,
    answer,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return host
}

export const ISSUED_CLAIMS = {
  iss: 'https://oidc.example.com/prod',
  sub: 'cluster-a:default:app',
  aud: 'sts.amazonaws.com',
  exp: 2_000_000_000,
  jti: 'jti-1',
} as const

/** In the form of a token; nobody signed it. */
export function unsignedJwt(
  claims: object,
  header: object = { alg: 'ES256', kid: 'kid-1' },
): string {
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJlLW9mLW5vYm9keQ`
}

/** The body of a good answer, but for `changes`. */
export function issuedBody(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    access_token: unsignedJwt(ISSUED_CLAIMS),
    issued_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_type: 'Bearer',
    expires_in: 3600,
    ...changes,
  })
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
