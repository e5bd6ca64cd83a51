/**
 * The handler of a function: event in, answer out. It never rejects, so that no caller sees what AWS makes of a rejection.
 */

import { errorName } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { KeepAlive } from '../../reading/storage-flights.ts'
import { answerOfResponse, type LambdaAnswer } from './event-answer.ts'
import { requestOfEvent } from './event-request.ts'
import type { HostSource } from './event-url.ts'

// Node loads its `fetch`, some 30 ms of work, when one of its globals is first touched: here that is done while the
// function is initialized, and no request waits for it.
Reflect.get(globalThis, 'Response')

export interface LambdaHandlerOptions {
  readonly fetch: (request: Request, keepAlive: KeepAlive) => Response | Promise<Response>
  readonly log: Log
  /** Whether the sender of an event is let in; who is not gets 403. Default: everyone is. */
  readonly admit?: (event: unknown) => boolean
  /** Where events say which host was asked for. Default: in what AWS says of them. */
  readonly hostSource?: HostSource
}

export type LambdaHandler = (event: unknown) => Promise<LambdaAnswer>

export function lambdaHandler({
  fetch,
  log,
  admit = () => true,
  hostSource = 'event',
}: LambdaHandlerOptions): LambdaHandler {
  return async function handler(event) {
    const asked = requestOfEvent(event, hostSource)
    if (!asked.ok) {
      const { reason, message } = asked.refusal
      log('warn', 'event_refused', { problem: message })
      return answerOfResponse(errorAnswer(400, reason, message), '')
    }
    const { method } = asked.value
    try {
      if (!admit(event)) return await answerOfResponse(notAdmitted(log), method)
      return await answerOfResponse(await fetch(asked.value, keepAlive), method)
    } catch (error) {
      log('error', 'request_failed', { code: 'internal', cause: errorName(error) })
      const answer = errorAnswer(500, 'server_error', 'the request could not be completed')
      return answerOfResponse(answer, method)
    }
  }
}

/**
 * The answer does not wait for `work`: a function that is frozen with it goes on with it when it is next invoked. What fails
 * then is for whoever waits for it, and nobody may.
 */
function keepAlive(work: Promise<unknown>): void {
  work.catch(() => {})
}

function notAdmitted(log: Log): Response {
  log('warn', 'event_refused', { problem: 'AWS IAM has not authenticated the caller' })
  return errorAnswer(
    403,
    'access_denied',
    'the control API takes requests that AWS IAM has authenticated: put an IAM authorizer before it',
  )
}

/** As the routes answer errors (`http/errors.ts`), which an adapter does not know. */
function errorAnswer(status: number, error: string, description: string): Response {
  return Response.json(
    { error, error_description: description },
    { status, headers: { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } },
  )
}
