/**
 * One HTTP/1.1 request over a socket, with path and headers as they are given: `fetch` would tidy them up.
 */

import { type IncomingMessage, request as httpRequest } from 'node:http'
import { answerHeaders, type TestRequest, type TestResponse } from './test-host.ts'

export interface RawTarget {
  readonly port: number
  readonly method: string
  readonly rawPath: string
}

/** Longer than what a connection buffers: a host that refuses it closes while it is still being sent. */
const LONG_BODY_BYTES = 65_536
const ATTEMPTS_MAX = 5

/**
 * A host may answer a long body before it has read it, and close: what is still on its way then resets the connection, and
 * with it goes the answer, now and then. Such a request is sent again.
 */
export async function rawRequest(
  target: RawTarget,
  request: TestRequest = {},
): Promise<TestResponse> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(target, request)
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !isLong(request) || !wasReset(error)) throw error
    }
  }
}

function isLong({ body }: TestRequest): boolean {
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : (body ?? [])
  let bytes = 0
  for (const piece of pieces) bytes += Buffer.byteLength(piece)
  return bytes > LONG_BODY_BYTES
}

function wasReset(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' || code === 'EPIPE'
}

async function sendOnce(
  { port, method, rawPath }: RawTarget,
  { headers = {}, body }: TestRequest,
): Promise<TestResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outgoing = httpRequest(
    {
      host: '127.0.0.1',
      port,
      method,
      path: rawPath,
      // Of its own, so that a refused body that is not read to its end spoils no other request.
      agent: false,
      headers: { 'Accept-Encoding': 'identity', ...headers },
    },
    resolve,
  )
  outgoing.on('error', reject)
  if (typeof body === 'string' || body instanceof Uint8Array) {
    outgoing.setHeader('Content-Length', Buffer.byteLength(body))
    outgoing.end(body)
  } else {
    // Said by hand, since Node frames the body of a DELETE not at all otherwise.
    if (body !== undefined) outgoing.setHeader('Transfer-Encoding', 'chunked')
    for (const piece of body ?? []) outgoing.write(piece)
    outgoing.end()
  }
  const incoming = await promise
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  const named = Object.entries(incoming.headers).map(
    ([name, value]) => [name, [value].flat().join(', ')] as const,
  )
  return {
    status: incoming.statusCode ?? 0,
    headers: answerHeaders(named),
    body: Buffer.concat(pieces).toString('utf8'),
  }
}
