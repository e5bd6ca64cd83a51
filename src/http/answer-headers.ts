/**
 * Headers that every answer has, whatever it is and wherever it was made.
 */

import type { MiddlewareHandler } from 'hono'

const CONTROL_PATH = /^\/control(?:\/|$)/

/**
 * No browser guesses what an answer is; and a web page may read every public one, refusals too, since whoever debugs a
 * verifier in a browser has to see why. The control API is for no web page.
 */
export const answerHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  c.header('X-Content-Type-Options', 'nosniff')
  if (!CONTROL_PATH.test(c.req.path)) c.header('Access-Control-Allow-Origin', '*')
}
