/**
 * One token exchange over HTTP (RFC 8693): the form goes out, a token or a failure comes back.
 *
 * The subject token goes to the URL that was named and nowhere else: redirects are not followed. An answer is bounded, and
 * neither token is ever part of a message.
 */

import { tokenTypeUri } from '../../exchange/token-types.ts'
import { tokenEndpointOf } from '../../issuers/own-audiences.ts'
import { shortened } from '../../printable.ts'
import type { SubjectTokenType } from '../../subject-tokens/subject-verification.ts'
import { failureReason, readJson, stringMember } from '../bounded-response.ts'
import { EXIT } from '../exit.ts'
import { ExchangeFailure } from './exchange-failure.ts'
import { type ExchangedToken, exchangedTokenOf } from './exchanged-token.ts'

/** As of the control API: longer than the 30 seconds that API Gateway waits for a function. */
const TIMEOUT_MS = 35_000
/** The longest token, and what stands beside it. */
const ANSWER_BYTES_MAX = 65_536
const DESCRIPTION_CHARS_MAX = 1000
const REQUEST_ID = /^[\w.-]{1,100}$/
/** Shorter pieces of a token are words that a sentence may hold. */
const TELLING_CHARS_MIN = 16

export interface ExchangeRequest {
  /** The issuer's URL, without a trailing slash. */
  readonly issuer: string
  readonly audience: string
  readonly subjectTokenType: SubjectTokenType
}

/** Rejects with an `ExchangeFailure`, also when `signal` is aborted. */
export async function requestExchange(
  request: ExchangeRequest,
  subjectToken: string,
  signal?: AbortSignal,
): Promise<ExchangedToken> {
  const endpoint = tokenEndpointOf(request.issuer)
  const response = await send(endpoint, formOf(request, subjectToken), signal)
  const { status } = response
  const issued = status === 200 ? exchangedTokenOf(response.json) : undefined
  if (issued !== undefined) return issued
  if (status === 404) throw noEndpoint(endpoint, response)
  throw refusalOf(request.issuer, subjectToken, response) ?? notAnIssuer(endpoint, response)
}

function formOf({ audience, subjectTokenType }: ExchangeRequest, subjectToken: string): string {
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken,
    subject_token_type: tokenTypeUri(subjectTokenType),
    audience,
  }).toString()
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  /** `undefined` where there is none that can be read. */
  readonly json: unknown
}

async function send(
  endpoint: string,
  body: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/json',
      },
      body,
    })
    const { status, headers } = response
    return { status, headers, json: await readJson(response, ANSWER_BYTES_MAX) }
  } catch (cause) {
    throw new ExchangeFailure(
      EXIT.unreachable,
      `no issuer answers at ${endpoint} (${failureReason(cause)}): check the issuer's URL, and that its host is up`,
      { isFinal: false, cause },
    )
  }
}

/** What the host itself says, in the form of RFC 6749 §5.2; `undefined` where it is not that form. */
function refusalOf(
  issuer: string,
  subjectToken: string,
  { status, headers, json }: Answer,
): ExchangeFailure | undefined {
  const error = stringMember(json, 'error')
  if (error === undefined || status < 400) return undefined
  const nature = natureOf(status, headers)
  const description = stringMember(json, 'error_description')?.replace(/\.$/, '')
  const said = description === undefined ? [] : [description]
  const details = [error, ...requestIdOf(headers, description)].join(', ')
  const verb = nature.isFinal ? 'refuses the exchange' : 'cannot do the exchange now'
  const sentence = withoutToken([...said, `(${details})`].join(' '), subjectToken)
  return new ExchangeFailure(
    EXIT.refused,
    `${issuer} ${verb}: ${shortened(sentence, DESCRIPTION_CHARS_MAX)}`,
    nature,
  )
}

/** The host says no more than that: whether the issuer is unknown, or has no tokens to give. */
function noEndpoint(endpoint: string, { status, headers }: Answer): ExchangeFailure {
  const details = [`status ${status}`, ...requestIdOf(headers)].join(', ')
  return new ExchangeFailure(
    EXIT.refused,
    `there is no token endpoint at ${endpoint} (${details}): check the issuer's URL, which is given without /token; an issuer that only publishes has none`,
    natureOf(status, headers),
  )
}

/** Under which the operator finds more; nothing where the answer has none, or `said` has it. */
function requestIdOf(headers: Headers, said = ''): string[] {
  const id = headers.get('Signet-Request-Id') ?? ''
  return REQUEST_ID.test(id) && !said.includes(id) ? [`request id ${id}`] : []
}

function notAnIssuer(endpoint: string, { status, headers }: Answer): ExchangeFailure {
  const isRedirect = status >= 300 && status < 400
  const what = isRedirect
    ? `answers with a redirect (status ${status}), which is not followed: give the URL that the issuer itself names`
    : `does not answer as the token endpoint of an issuer (status ${status}): check the issuer's URL`
  return new ExchangeFailure(EXIT.refused, `${endpoint} ${what}`, natureOf(status, headers))
}

function natureOf(
  status: number,
  headers: Headers,
): { readonly isFinal: boolean; readonly retryAfterSeconds: number } {
  const retryAfter = headers.get('Retry-After') ?? ''
  return {
    isFinal: status !== 429 && status < 500,
    // The other form of it, a date, would need a clock that agrees with the host's.
    retryAfterSeconds: /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0,
  }
}

/** Whatever stands between here and the host may repeat what it was sent. */
function withoutToken(text: string, token: string): string {
  return [token, ...token.split('.')]
    .filter((part) => part.length >= TELLING_CHARS_MIN)
    .reduce((rest, part) => rest.replaceAll(part, '…'), text)
}
