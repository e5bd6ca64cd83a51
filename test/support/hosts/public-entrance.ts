/**
 * The way from the network to a host that has no socket: plain HTTP on a port of this machine, for whoever reads public
 * documents by their URL.
 */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestResponse } from './test-host.ts'

type Answer = (method: string, rawPath: string) => Promise<TestResponse>

export interface PublicEntrance extends AsyncDisposable {
  readonly url: string
  /** What was asked for, in order. */
  readonly asked: readonly string[]
  /** What answers from then on; 502 until then. */
  lead(to: Answer): void
}

const nobodyThere: Answer = async () => ({ status: 502, headers: {}, body: '' })

export async function openEntrance(): Promise<PublicEntrance> {
  const asked: string[] = []
  let answer = nobodyThere
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request
    asked.push(url)
    void answer(method, url).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    lead: (to) => {
      answer = to
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
