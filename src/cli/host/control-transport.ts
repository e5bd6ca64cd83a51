/**
 * One request to the control API and its answer.
 *
 * Sends the secret to the URL that was named and nowhere else: redirects are not followed. An answer is bounded and of
 * the form that is expected, or it is no answer of Signet.
 */

import type * as z from 'zod/mini'
import { failureReason, readJson, stringMember } from '../bounded-response.ts'
import { CliError, EXIT } from '../exit.ts'

const TIMEOUT_MS = 10_000
const ANSWER_BYTES_MAX = 1_048_576

export interface ControlTransportOptions {
  /** Without a trailing slash. */
  readonly url: string
  readonly secret: string
}

/** What the host answered when it refused. */
export class HostRefusal extends CliError {
  readonly status: number

  constructor(status: number, message: string) {
    super(EXIT.refused, message)
    this.status = status
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

export function controlTransport({ url, secret }: ControlTransportOptions): ControlCall {
  return async <T>(request: ControlRequest<T>): Promise<T> => {
    const { status, ok, json } = await send(url, secret, request)
    if (!ok) throw refusalOf(url, status, json, request.since)
    const parsed = request.answer.safeParse(json)
    if (parsed.success) return parsed.data
    throw notSignet(url, status)
  }
}

interface Answer {
  readonly status: number
  readonly ok: boolean
  /** `undefined` where there is none that can be read. */
  readonly json: unknown
}

async function send<T>(
  url: string,
  secret: string,
  { method, path, body, ifMatch }: ControlRequest<T>,
): Promise<Answer> {
  const headers = {
    Authorization: `Bearer ${secret}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
  }
  try {
    const response = await fetch(`${url}/control${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
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

function refusalOf(
  url: string,
  status: number,
  answer: unknown,
  since: string | undefined,
): CliError {
  if (status === 401) {
    return new HostRefusal(status, `${url} does not take this control secret: check --secret-file`)
  }
  const description = stringMember(answer, 'error_description')
  // Whoever has no control API at this URL says 404 too, of the path.
  const isPathUnknown = stringMember(answer, 'error') === 'not_found'
  if (isPathUnknown && since !== undefined) return olderHost(url, since)
  if (description !== undefined && !isPathUnknown) return new HostRefusal(status, description)
  return notSignet(url, status)
}

/** `what` it does not know. */
export function olderHost(url: string, what: string): CliError {
  return new CliError(
    EXIT.refused,
    `the Signet at ${url} is older than this command and knows no ${what}: upgrade it`,
  )
}

function notSignet(url: string, status: number): HostRefusal {
  return new HostRefusal(
    status,
    `${url} does not answer as Signet's control API (status ${status}): check --url, and that a control secret is configured there`,
  )
}
