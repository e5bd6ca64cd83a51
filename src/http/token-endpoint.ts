/**
 * The token endpoint of an issuer (RFC 6749 §3.2, RFC 8693 §2): one answer and one audit record a request.
 *
 * Decides nothing of tokens: `exchange-token.ts` does, and `wire-error.ts` what a refusal looks like from outside. What is
 * recorded is `exchange-audit.ts`.
 */

import type { Context } from 'hono'
import { exchangeAudit, type ExchangeInquiry } from '../audit/exchange-audit.ts'
import { errorName, Fault } from '../errors.ts'
import type { ExchangeRefusal } from '../exchange/exchange-refusal.ts'
import { type ExchangeDeps, exchangeToken } from '../exchange/exchange-token.ts'
import {
  ISSUER_DELETED,
  ISSUER_NOT_FOUND,
  ISSUER_PUBLISH_ONLY,
} from '../exchange/issuer-refusals.ts'
import { readTokenRequest } from '../exchange/token-request.ts'
import { FAULT_WIRE_ERROR, wireErrorOf } from '../exchange/wire-error.ts'
import type { PublicCopy } from '../issuers/issuer-document.ts'
import type { Log } from '../log.ts'
import type { AskedIssuer } from './asked-issuer.ts'
import {
  answerIssued,
  answerWireError,
  REQUEST_ID_HEADER,
  type TokenAnswer,
} from './token-answer.ts'

export interface TokenEndpoint {
  /** Rejects for mistakes of ours alone. */
  answer(c: Context, issuer: AskedIssuer): Promise<Response>
}

type Ending =
  | { readonly type: 'issued'; readonly answer: TokenAnswer }
  | { readonly type: 'refused'; readonly refusal: ExchangeRefusal }
  | { readonly type: 'failed'; readonly error: unknown }

const RATE_LIMITED: ExchangeRefusal = {
  reason: 'rate_limited',
  detail: 'there were too many requests from here; try again later',
}

export function tokenEndpoint(deps: ExchangeDeps): TokenEndpoint {
  const audit = exchangeAudit(deps)
  return {
    answer: async (c, issuer) => {
      const inquiry = audit.begin()
      const { requestId } = inquiry
      const ending = await endingOf(deps, c.req.raw, issuer, inquiry).catch(failed)
      const isRecorded = await inquiry.end(ending)
      const recordedId = isRecorded ? requestId : undefined
      switch (ending.type) {
        case 'issued':
          return answerIssued(ending.answer, requestId)
        case 'refused':
          return answerWireError(
            wireErrorOf(ending.refusal, requestId),
            recordedId,
            c.req.header('Authorization'),
          )
        case 'failed':
          if (!(ending.error instanceof Fault)) {
            // Answered where every mistake is.
            c.header(REQUEST_ID_HEADER, recordedId)
            throw ending.error
          }
          logFault(deps.log, ending.error, requestId)
          return answerWireError(FAULT_WIRE_ERROR, requestId)
      }
    },
  }
}

async function endingOf(
  deps: ExchangeDeps,
  request: Request,
  issuer: AskedIssuer,
  inquiry: ExchangeInquiry,
): Promise<Ending> {
  const { sourceLimit } = deps
  if (sourceLimit !== undefined && !(await sourceLimit.admits(request))) {
    noteIssuer(inquiry, issuer.readFromMemory())
    return refused(RATE_LIMITED)
  }
  const asked = await readTokenRequest(request)
  const known = await issuer.read()
  noteIssuer(inquiry, known)
  if (known === undefined) return refused(ISSUER_NOT_FOUND)
  if (known.kind === 'tombstone') return refused(ISSUER_DELETED)
  if (!asked.ok) {
    // Where there is no endpoint, no form is right. A good one is decided by a document that is not as old as this copy.
    return refused(known.policy.custody === 'none' ? ISSUER_PUBLISH_ONLY : asked.refusal)
  }
  const { value: parameters } = asked
  const { audience, subjectToken, subjectTokenType, issuedTokenType } = parameters
  inquiry.note({ audience, subjectTokenType })
  inquiry.shows(subjectToken)
  const { note } = inquiry
  const exchanged = await exchangeToken(deps, {
    id: known.id,
    parameters,
    note,
    keepAlive: issuer.keepAlive,
  })
  if (!exchanged.ok) return refused(exchanged.refusal)
  const { token, expiresInSeconds } = exchanged.token
  return { type: 'issued', answer: { token, expiresInSeconds, issuedTokenType } }
}

function noteIssuer(inquiry: ExchangeInquiry, known: PublicCopy | undefined): void {
  if (known !== undefined) inquiry.isOf(known.id)
}

function refused(refusal: ExchangeRefusal): Ending {
  return { type: 'refused', refusal }
}

function failed(error: unknown): Ending {
  return { type: 'failed', error }
}

function logFault(log: Log, { code, message, cause }: Fault, requestId: string): void {
  const named = cause === undefined ? {} : { cause: errorName(cause) }
  log('error', 'request_failed', { requestId, code, problem: message, ...named })
}
