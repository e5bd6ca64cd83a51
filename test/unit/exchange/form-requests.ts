/**
 * Requests with forms that no client library sends.
 */

import { goodForm } from './exchange-world.ts'

/** A whole form whose token is none. */
export const GOOD = new URLSearchParams(goodForm({ subject_token: 'a.b.c' })).toString()

export function bytesRequest(bytes: readonly number[]): Request {
  return new Request('https://oidc.example.com/prod/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new Uint8Array(bytes),
  })
}

/** In a body without a length of its own. */
export function streamed(
  pieces: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Request {
  return streamRequest(new Blob([...pieces]).stream(), headers)
}

export function brokenOff(): Request {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(Buffer.from(GOOD))
      controller.error(new TypeError('terminated'))
    },
  })
  return streamRequest(stream)
}

function streamRequest(
  stream: ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Request {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: stream,
    duplex: 'half',
  }
  return new Request('https://oidc.example.com/prod/token', init)
}
