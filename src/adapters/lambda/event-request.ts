/**
 * What an event asks, as a `Request`. An event that asks nothing is refused with one sentence; none throws.
 */

import { decodeBase64 } from '../../crypto/base64.ts'
import { type Bytes, utf8 } from '../../crypto/base64url.ts'
import { accepted, type Outcome, refused } from '../../refusal.ts'
import { type HostSource, urlOfEvent } from './event-url.ts'
import { type HttpEvent, parseHttpEvent } from './http-event.ts'

/** A token (RFC 9110 §5.6.2). */
const METHOD = /^[\w!#$%&'*+.^`|~-]+$/
/** `Request` makes none of these, but whoever receives one has to answer it. */
const UNMADE_METHOD = /^(?:CONNECT|TRACE|TRACK)$/i
const BODILESS_METHOD = /^(?:GET|HEAD)$/i

/** The method of the request is the one of the event, also where `Request` itself would refuse it. */
export function requestOfEvent(event: unknown, hostSource: HostSource = 'event'): Outcome<Request> {
  const parsed = parseHttpEvent(event)
  if (parsed === undefined) {
    return refused(
      'invalid_request',
      'the event is no HTTP event of payload format 2.0: invoke the function through an API Gateway HTTP API with that format, or through a Function URL',
    )
  }
  const { method } = parsed.requestContext.http
  if (!METHOD.test(method)) {
    return refused('invalid_request', 'the method of the event is no HTTP method')
  }
  const url = urlOfEvent(parsed, hostSource)
  if (url === undefined) {
    return refused('invalid_request', 'the event has no host and path that make a URL')
  }
  const body = bodyOf(parsed)
  if (body === 'malformed') {
    return refused('invalid_request', 'the body of the event is said to be base64 and is not')
  }
  return accepted(requestOf(url, { method, headers: headersOf(parsed, body), body }))
}

interface RequestParts {
  readonly method: string
  readonly headers: Headers
  readonly body: Bytes | undefined
}

function requestOf(url: string, { method, headers, body }: RequestParts): Request {
  if (!UNMADE_METHOD.test(method)) {
    return new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })
  }
  const request = new Request(url, { headers })
  Object.defineProperty(request, 'method', { value: method })
  return request
}

/** `undefined` for no body, and for one that no `Request` of this method has. */
function bodyOf({
  body,
  isBase64Encoded,
  requestContext,
}: HttpEvent): Bytes | 'malformed' | undefined {
  const { method } = requestContext.http
  if (BODILESS_METHOD.test(method) || UNMADE_METHOD.test(method)) return undefined
  if (body === undefined || body === null || body === '') return undefined
  if (isBase64Encoded !== true) return utf8(body)
  try {
    return decodeBase64(body)
  } catch {
    return 'malformed'
  }
}

function headersOf({ headers, cookies }: HttpEvent, body: Bytes | undefined): Headers {
  const made = new Headers()
  for (const [name, value] of Object.entries(headers ?? {})) add(made, name, value)
  const texts = (cookies ?? []).filter((cookie) => typeof cookie === 'string')
  if (texts.length > 0) add(made, 'Cookie', texts.join('; '))
  // They said how the body came over the wire. It is here now, whole.
  made.delete('Transfer-Encoding')
  made.delete('Content-Length')
  if (body !== undefined) made.set('Content-Length', String(body.byteLength))
  return made
}

/** A header that cannot be one is left out: the request is then judged without it. */
function add(headers: Headers, name: string, value: unknown): void {
  if (typeof value !== 'string') return
  try {
    headers.set(name, value)
  } catch {
    // No name of a header, or characters that no header has.
  }
}
