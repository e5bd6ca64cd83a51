/**
 * Every JSON answer that is of this moment and for this caller: errors, health, the control API. And the headers that
 * every answer has, whatever it is.
 */

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/**
 * No browser guesses what an answer is; and a web page may read every public one, refusals too, since whoever debugs a
 * verifier in a browser has to see why.
 */
export const PUBLIC_ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Access-Control-Allow-Origin': '*',
}

/** The control API is for no web page. */
const CONTROL_ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
}
const CONTROL_PATH = /^\/control(?:\/|$)/

/** `headers` beside those that were set on `c`. */
export function answerJson(
  c: Context,
  status: ContentfulStatusCode,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const common = CONTROL_PATH.test(c.req.path) ? CONTROL_ANSWER_HEADERS : PUBLIC_ANSWER_HEADERS
  return c.json(body, status, { 'Cache-Control': 'no-store', ...common, ...headers })
}
