/**
 * Errors on the wire: a small JSON body, `error` for programs and `error_description` for people (RFC 6749 §5.2).
 *
 * Nothing of the request is echoed by these, and a fault shows no more than its kind.
 */

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { errorName, Fault, type FaultCode } from '../errors.ts'
import { RETRY_AFTER_SECONDS } from '../limits.ts'
import type { Log } from '../log.ts'
import { answerJson } from './json-answer.ts'

export function errorResponse(
  c: Context,
  status: ContentfulStatusCode,
  error: string,
  description: string,
): Response {
  return answerJson(c, status, { error, error_description: description })
}

/** Status and words of a fault. Exhaustive: a new code does not compile until it is decided here. */
function faultDescription(code: FaultCode): string {
  switch (code) {
    case 'storage_unavailable':
      return 'storage does not answer; try again'
    case 'static_copies_unavailable':
      return 'the static copies of the public documents cannot be written; try again'
    case 'document_corrupt':
      return 'what is stored of this issuer cannot be read; the log tells its operator what to do'
    case 'key_unavailable':
      return 'the key of this issuer cannot be used any more; the log tells its operator why'
    case 'key_disabled':
      return 'the key of this issuer was disabled; try again, and if that does not help its operator must look'
    case 'key_service_busy':
      return 'the service that keeps the keys is over its quota; try again'
    case 'key_service_unavailable':
      return 'the service that keeps the keys does not answer; try again'
    case 'key_service_refused':
      return 'the service that keeps the keys refuses this host; the log tells its operator more'
    case 'rotation_unavailable':
      return 'the function that makes keys does not answer; try again'
  }
}

/** Answers what was thrown and logs it: a fault is 503 and may pass, anything else is a mistake of ours. */
export function answerThrown(error: unknown, c: Context, log: Log): Response {
  if (error instanceof Fault) {
    const cause = error.cause === undefined ? {} : { cause: errorName(error.cause) }
    log('error', 'request_failed', { code: error.code, problem: error.message, ...cause })
    c.header('Retry-After', String(RETRY_AFTER_SECONDS))
    return errorResponse(c, 503, error.code, faultDescription(error.code))
  }
  log('error', 'request_failed', { code: 'internal', cause: errorName(error) })
  return errorResponse(c, 500, 'server_error', 'the request could not be completed')
}

export function answerNotFound(c: Context): Response {
  return errorResponse(c, 404, 'not_found', 'there is no such document')
}

/** `allow`: the methods that the resource has. */
export function answerMethodNotAllowed(c: Context, allow: string): Response {
  c.header('Allow', allow)
  return errorResponse(c, 405, 'method_not_allowed', `this resource answers ${allow}`)
}
