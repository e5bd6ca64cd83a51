/**
 * One public document, asked for as relying parties ask: a plain GET whose answer any cache on the way may give.
 *
 * Says what is wrong with an answer; what its JSON means is for whoever asked.
 */

import { boundedBytes } from '../bounded-body.ts'
import type { Bytes } from '../crypto/base64url.ts'
import { failureReason } from '../failure-reason.ts'
import { parseJson } from '../json.ts'
import { OBSERVED_BYTES_MAX } from '../limits.ts'
import { type NotObserved, notObserved } from './observation.ts'

/** As `jose` has it for both documents. */
const ACCEPT = 'application/json, application/jwk-set+json'

export interface PublicAnswer {
  readonly ok: true
  /** `undefined` for what is no JSON in UTF-8. */
  readonly json: unknown
  readonly headers: Headers
}

/** `signal`: gives the request up and cancels the body, also one that comes only then. */
export async function askPublicly(
  url: string,
  send: typeof fetch,
  signal: AbortSignal,
): Promise<PublicAnswer | NotObserved> {
  try {
    const headers = { Accept: ACCEPT }
    const response = await send(url, { headers, redirect: 'manual', signal })
    const problem = statusProblem(url, response)
    if (problem !== undefined) {
      response.body?.cancel().catch(() => {})
      return problem
    }
    const bytes = await boundedBytes(response, OBSERVED_BYTES_MAX, signal)
    if (bytes !== undefined) return { ok: true, json: jsonOf(bytes), headers: response.headers }
  } catch (cause) {
    return notObserved(
      'unreachable',
      `${url} could not be read (${failureReason(cause)}): see that its name resolves, its certificate is valid and its host is up, as seen from where this runs`,
    )
  }
  return notObserved(
    'too_large',
    `${url} answered with more than ${OBSERVED_BYTES_MAX} bytes, which no document of an issuer has: see what answers there`,
  )
}

function statusProblem(url: string, response: Response): NotObserved | undefined {
  const { status } = response
  if (isRedirect(response)) {
    return notObserved(
      'redirected',
      `${url} answered with a redirect, which several relying parties do not follow: serve the document at this URL itself`,
    )
  }
  if (status === 200) return undefined
  return notObserved(
    'bad_status',
    `${url} answered with status ${status}, relying parties need 200: see what its host says, and what stands before it (CDN, proxy, access rules)`,
  )
}

/** Also one whose status is hidden, as browsers do, or that was followed all the same. */
function isRedirect({ status, type, redirected }: Response): boolean {
  if (redirected || type === 'opaqueredirect') return true
  // 304 answers a question that was not asked, and leads nowhere.
  return status >= 300 && status < 400 && status !== 304
}

/** RFC 8259 §8.1: UTF-8 without a byte order mark, which strict parsers refuse. */
function jsonOf(bytes: Bytes): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}
