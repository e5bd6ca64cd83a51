/**
 * A server on the loopback interface that answers as it is told, and remembers what it was asked.
 */

import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

export interface AnsweringHost extends AsyncDisposable {
  readonly url: string
  /** Each request as its path and its credential. */
  readonly seen: readonly string[]
  /** The same requests, with what was sent. */
  readonly requests: readonly SeenRequest[]
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly ifMatch: string | undefined
  readonly body: string
}

/** A body has the status of the host. */
export type HostAnswer = string | { readonly status: number; readonly body: string }

/** `answerOf`: one answer for all, or the answer for a path and a method. */
export async function answeringHost(
  status: number,
  answerOf: string | ((path: string, method: string) => HostAnswer),
): Promise<AnsweringHost> {
  const seen: string[] = []
  const requests: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const { url: path = '', method = '', headers } = request
    seen.push([path, headers.authorization].filter(Boolean).join(' '))
    requests.push({ method, path, ifMatch: headers['if-match'], body: await text(request) })
    const given = typeof answerOf === 'string' ? answerOf : answerOf(path, method)
    const answer = typeof given === 'string' ? { status, body: given } : given
    response.writeHead(answer.status, { Location: '/elsewhere' })
    response.end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
