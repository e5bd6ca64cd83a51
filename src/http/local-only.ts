/**
 * What a local installation refuses: requests that a web page could make a browser send.
 *
 * A page may resolve its own name to 127.0.0.1 (DNS rebinding: a foreign `Host`) or post to localhost (a foreign
 * `Origin`). Public documents are for everyone and are not checked.
 */

import type { Context, MiddlewareHandler } from 'hono'
import { errorResponse } from './errors.ts'

/** `localHosts`: each as in a `Host` header, port included. */
export function localOnly(localHosts: readonly string[]): MiddlewareHandler {
  const answerForeign = foreignAnswers(localHosts)
  return async function localOnlyGuard(c, next) {
    return answerForeign(c) ?? next()
  }
}

/** As `localOnly`, for a route among others: the answer to a foreign request, `undefined` for every other one. */
export function foreignAnswers(
  localHosts: readonly string[],
): (c: Context) => Response | undefined {
  const origins = localHosts.map((host) => `http://${host}`)
  return function answerForeign(c) {
    const hosts = [new URL(c.req.url).host, c.req.header('Host') ?? localHosts[0] ?? '']
    const origin = c.req.header('Origin')
    if (!hosts.every((host) => localHosts.includes(host))) {
      return errorResponse(
        c,
        403,
        'foreign_host',
        `this is answered at ${localHosts.join(', ')} alone`,
      )
    }
    if (origin !== undefined && !origins.includes(origin)) {
      return errorResponse(
        c,
        403,
        'foreign_origin',
        'this is not answered to a web page of another origin',
      )
    }
    return undefined
  }
}
