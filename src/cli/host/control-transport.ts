/**
 * One request to the control API and its answer.
 *
 * Sends the credential to the URL that was named and nowhere else: redirects are not followed. An answer is bounded and
 * of the form that is expected, or it is no answer of Signet.
 */

import type * as z from 'zod/mini'
import { failureReason, readJson, stringMember } from '../bounded-response.ts'
import { CliError, EXIT } from '../exit.ts'
import type { RequestAuthorizer } from './request-authorizer.ts'

/**
 * Longer than the 30 seconds that API Gateway waits for a function, whose first call may make a key: whoever gives up
 * earlier does not hear whether the change was made.
 */
const TIMEOUT_MS = 35_000
const ANSWER_BYTES_MAX = 1_048_576

export interface ControlTransportOptions {
  /** Without a trailing slash. */
  readonly url: string
  readonly authorizer: RequestAuthorizer
}

/** What the host answered when it refused. */
export class HostRefusal extends CliError {
  readonly status: number
  /** All of it, unchecked; `undefined` where it cannot be read or is not Signet's. */
  readonly answer: unknown

  constructor(status: number, message: string, answer?: unknown) {
    super(EXIT.refused, message)
    this.status = status
    this.answer = answer
  }
}

export interface ControlRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object
  /** The ETag of what is changed. */
  readonly ifMatch?: string
  /** What this version brought: a host that does not know the path is older than it, not none of ours. */
  readonly since?: string
  /** The form of the answer. */
  readonly answer: z.ZodMiniType<T>
}

/** Resolves to the answer. Rejects with `HostRefusal`, or with a `CliError` where no host answers. */
export type ControlCall = <T>(request: ControlRequest<T>) => Promise<T>

export function controlTransport(options: ControlTransportOptions): ControlCall {
  return async <T>(request: ControlRequest<T>): Promise<T> => {
    const answer = await send(options, request)
    if (!answer.ok) throw refusalOf(options, request, answer)
    const parsed = request.answer.safeParse(answer.json)
    if (parsed.success) return parsed.data
    throw notSignet(options, answer.status)
  }
}

interface Answer {
  readonly status: number
  readonly ok: boolean
  /** `undefined` where there is none that can be read. */
  readonly json: unknown
}

async function send<T>(
  { url, authorizer }: ControlTransportOptions,
  { method, path, body: value, ifMatch }: ControlRequest<T>,
): Promise<Answer> {
  const target = `${url}/control${path}`
  const body = value === undefined ? undefined : JSON.stringify(value)
  const unauthorized = {
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
  }
  // Not with the request: where there is no credential, nothing was sent.
  const headers = await authorizer.authorize({ method, url: target, headers: unauthorized, body })
  try {
    const response = await fetch(target, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const { status, ok } = response
    return { status, ok, json: await readJson(response, ANSWER_BYTES_MAX) }
  } catch (cause) {
    throw unreachable(url, method, cause)
  }
}

function unreachable(url: string, method: string, cause: unknown): CliError {
  const reason = failureReason(cause)
  // A refused connection did nothing; of anything else nobody knows.
  const doubt =
    method === 'GET' || reason === 'ECONNREFUSED' ? '' : ', and the change may have been made'
  return new CliError(
    EXIT.unreachable,
    `no Signet answers at ${url} (${reason})${doubt}: start it (locally with "npm start"), or check --url`,
    { cause },
  )
}

function refusalOf<T>(
  options: ControlTransportOptions,
  { method, since }: ControlRequest<T>,
  { status, json }: Answer,
): CliError {
  const description = stringMember(json, 'error_description')
  // A refused secret is better said with the option that names it.
  if (description === undefined || status === 401) {
    const refusal = options.authorizer.refusal({ method, status, json })
    if (refusal !== undefined) return new HostRefusal(status, refusal)
  }
  // Whoever has no control API at this URL says 404 too, of the path.
  const isPathUnknown = stringMember(json, 'error') === 'not_found'
  if (isPathUnknown && since !== undefined) return olderHost(options.url, since)
  if (description !== undefined && !isPathUnknown) return new HostRefusal(status, description, json)
  return notSignet(options, status)
}

/** `what` it does not know. */
export function olderHost(url: string, what: string): CliError {
  return new CliError(
    EXIT.refused,
    `the Signet at ${url} is older than this command and knows no ${what}: upgrade it`,
  )
}

function notSignet({ url, authorizer }: ControlTransportOptions, status: number): HostRefusal {
  return new HostRefusal(
    status,
    `${url} does not answer as Signet's control API (status ${status}): check ${authorizer.whatToCheck}`,
  )
}
