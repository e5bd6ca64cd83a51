/**
 * A CloudFront function as the edge runs it: its very code, with an event of a request.
 *
 * CloudFront developer guide, "CloudFront Functions event structure". Nothing but JavaScript itself is there for the code.
 */

import { createContext, runInContext } from 'node:vm'
import type { TestResponse } from './test-host.ts'

export interface EdgeRequest {
  readonly method: string
  /** Without the query, as it was sent. */
  readonly uri: string
  /** Without its question mark, as it was sent. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

export type EdgeOutcome =
  | { readonly type: 'request'; readonly uri: string }
  | { readonly type: 'response'; readonly response: TestResponse }

interface ReturnedRequest {
  readonly uri: string
}

interface ReturnedResponse {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, { readonly value: string }>>
  readonly body?: { readonly encoding: 'text'; readonly data: string }
}

/** Of a request the path alone may be changed: what else a function changes is not stood in for. */
export function runEdgeFunction(code: string, request: EdgeRequest): EdgeOutcome {
  const { method, uri, query, headers } = request
  const asked = {
    method,
    uri,
    querystring: Object.fromEntries(
      Array.from(new URLSearchParams(query), ([name, value]) => [name, { value }]),
    ),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
    cookies: {},
  }
  const event = {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '192.0.2.1' },
    request: asked,
  }
  const json = runInContext(
    `${code}\n;JSON.stringify(handler(${JSON.stringify(event)}))`,
    createContext({}),
    { timeout: 1000 },
  ) as string
  const returned = JSON.parse(json) as ReturnedRequest | ReturnedResponse
  if ('statusCode' in returned) return { type: 'response', response: responseOf(returned, method) }
  const { uri: itsUri, ...others } = returned as typeof asked
  const { uri: _uri, ...before } = asked
  if (JSON.stringify(others) !== JSON.stringify(before)) {
    throw new TypeError('nobody stands in for a function that changes more than the path')
  }
  return { type: 'request', uri: itsUri }
}

function responseOf(returned: ReturnedResponse, method: string): TestResponse {
  const named = Object.entries(returned.headers ?? {}).map(([name, { value }]) => [name, value])
  return {
    status: returned.statusCode,
    headers: Object.fromEntries(named) as Record<string, string>,
    body: method === 'HEAD' ? '' : (returned.body?.data ?? ''),
  }
}
