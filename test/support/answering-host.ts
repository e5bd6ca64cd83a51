/**
 * A server on the loopback interface that answers everything alike, and remembers what it was asked.
 */

import { once } from 'node:events'
import { createServer } from 'node:http'

export interface AnsweringHost extends AsyncDisposable {
  readonly url: string
  /** Each request as its path and its credential. */
  readonly seen: readonly string[]
}

/** `bodyOf`: the body, or the body for a path. */
export async function answeringHost(
  status: number,
  bodyOf: string | ((path: string) => string),
): Promise<AnsweringHost> {
  const seen: string[] = []
  const server = createServer(({ url = '', headers }, response) => {
    seen.push([url, headers.authorization].filter(Boolean).join(' '))
    response.writeHead(status, { Location: '/elsewhere' })
    response.end(typeof bodyOf === 'string' ? bodyOf : bodyOf(url))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
