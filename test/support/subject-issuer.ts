/**
 * A subject issuer on the loopback interface: its two documents over HTTP, and what can be wrong with them and with it.
 */

import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is asked for, and so what a behaviour is about. */
export type SubjectDocument = 'discovery' | 'jwks'

export type SubjectBehaviour =
  | 'right'
  /** Never answers. */
  | 'slow'
  /** Answers with JSON that does not end. */
  | 'huge'
  /** Sends whoever asks to the same document below `/elsewhere`, where it is right. */
  | 'redirecting'
  | 'html'
  | 'not-json'
  /** Status 500. */
  | 'failing'
  /** Hangs up. */
  | 'down'

export interface SubjectIssuerState {
  /** The members of its JWK Set. */
  readonly keys: readonly object[]
  readonly discovery: SubjectBehaviour
  readonly jwks: SubjectBehaviour
  /** In place of the right members of the discovery document, which are `issuer` and `jwks_uri`. */
  readonly members: Readonly<Record<string, unknown>>
  /** `Cache-Control` of the JWK Set. */
  readonly cacheControl: string | undefined
}

export interface SubjectIssuer extends AsyncDisposable {
  /** Its identifier: a loopback URL without TLS. */
  readonly issuer: string
  readonly jwksUri: string
  /** What was asked for until now, in order. */
  readonly asked: readonly SubjectDocument[]
  /** Changes what is answered from now on. */
  change(state: Partial<SubjectIssuerState>): void
}

const DISCOVERY_PATH = '/.well-known/openid-configuration'
const JWKS_PATH = '/keys'
const ELSEWHERE = '/elsewhere'

/** More than anybody reads, and little enough for a test. */
const HUGE_PIECE = 'a'.repeat(65_536)

export async function startSubjectIssuer(
  given: Partial<SubjectIssuerState> = {},
): Promise<SubjectIssuer> {
  let state: SubjectIssuerState = {
    keys: [],
    discovery: 'right',
    jwks: 'right',
    members: {},
    cacheControl: undefined,
    ...given,
  }
  const asked: SubjectDocument[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const isElsewhere = path.startsWith(ELSEWHERE)
    const document = documentAt(isElsewhere ? path.slice(ELSEWHERE.length) : path)
    if (document === undefined) {
      response.writeHead(404).end()
      return
    }
    asked.push(document)
    const headers =
      document === 'jwks' && state.cacheControl !== undefined
        ? { 'Cache-Control': state.cacheControl }
        : {}
    const right = document === 'jwks' ? { keys: state.keys } : { ...own, ...state.members }
    const behaviour = isElsewhere ? 'right' : state[document]
    answer(response, behaviour, { path, headers, text: JSON.stringify(right) })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own = { issuer, jwks_uri: `${issuer}${JWKS_PATH}` }
  return {
    issuer,
    jwksUri: own.jwks_uri,
    asked,
    change: (members) => {
      state = { ...state, ...members }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function documentAt(path: string): SubjectDocument | undefined {
  if (path === DISCOVERY_PATH) return 'discovery'
  return path === JWKS_PATH ? 'jwks' : undefined
}

interface RightAnswer {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

function answer(
  response: ServerResponse,
  behaviour: SubjectBehaviour,
  { path, headers, text }: RightAnswer,
): void {
  switch (behaviour) {
    case 'right':
      response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(text)
      return
    case 'slow':
      return
    case 'huge':
      response.writeHead(200, { 'Content-Type': 'application/json' }).write('"')
      goOn(response)
      return
    case 'redirecting':
      response.writeHead(302, { Location: `${ELSEWHERE}${path}` }).end()
      return
    case 'html':
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Welcome')
      return
    case 'not-json':
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(text.slice(1))
      return
    case 'failing':
      response.writeHead(500).end(text)
      return
    case 'down':
      response.destroy()
  }
}

/** No more at once than the other side takes, until that hangs up. */
function goOn(response: ServerResponse): void {
  if (response.destroyed) return
  response.write(HUGE_PIECE, () => goOn(response))
}
