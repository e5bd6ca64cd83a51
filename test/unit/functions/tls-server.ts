/**
 * A server with TLS on the loopback interface, for a name that leads there alone, and the `fetch` that is let to it.
 */

import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fetchOver, type Resolve } from '../../../functions/lambda/public-fetch.ts'
import { selfSigned } from './self-signed.ts'

export const NAME = 'tokens.example.com'
const { cert, key } = selfSigned(NAME)
export const CERT = cert

export interface TlsServer extends AsyncDisposable {
  /** Answers like this from now on, with nothing counted yet. */
  answer(listener: RequestListener): void
  urlOf(path?: string, name?: string): string
  /** Since `answer`. */
  readonly requests: number
  /** Since `answer`; those that were closed too. */
  readonly connections: number
  /** Connections that are open now. */
  open(): Promise<number>
}

const answerNothing: RequestListener = (_request, response) => void response.end()

export async function startTlsServer(): Promise<TlsServer> {
  let listener: RequestListener = answerNothing
  let requests = 0
  let connections = 0
  const server = createServer({ cert, key }, (request, response) => {
    requests += 1
    listener(request, response)
  })
  server.on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    answer: (next) => {
      listener = next
      requests = 0
      connections = 0
    },
    urlOf: (path = '/', name = NAME) => `https://${name}:${port}${path}`,
    get requests() {
      return requests
    },
    get connections() {
      return connections
    },
    open: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Every name leads to these addresses. */
export function resolving(...addresses: readonly string[]): Resolve {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }))
  return (_hostname, _options, done) => done(null, found)
}

/** As `publicFetch`, but for one address and one certificate that tests have. */
export const fetchHere = fetchOver({
  resolve: resolving('10.0.0.1', '127.0.0.1', 'fe80::1'),
  isAllowed: (ip) => ip === '127.0.0.1',
  ca: cert,
})
