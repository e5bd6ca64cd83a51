/**
 * Outcomes of the control API on the wire, and the revision as an ETag (RFC 9110 §8.8.3, §13.1.1).
 */

import type { Context } from 'hono'
import { errorResponse } from '../http/errors.ts'
import { RETRY_AFTER_SECONDS } from '../limits.ts'
import { answerJson } from '../http/json-answer.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { accepted, type Outcome, type Refusal, refused, refusalStatus } from '../refusal.ts'
import { ringView } from './ring-view.ts'

export function reply(
  c: Context,
  status: 200 | 201,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answerJson(c, status, body, headers)
}

export function replyKeys(
  c: Context,
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): Response {
  return reply(c, 200, ringView(document, bounds, now), {
    ETag: revisionEtag(document.revision),
  })
}

export function replyRefused(c: Context, { reason, message }: Refusal): Response {
  // Of what is half done and completed by asking again.
  if (reason === 'static_copies_left') c.header('Retry-After', String(RETRY_AFTER_SECONDS))
  return errorResponse(c, refusalStatus(reason), reason, message)
}

export function revisionEtag(revision: number): string {
  return `"${revision}"`
}

/** The revision of `If-Match`; `undefined` where any will do. */
export function expectedRevision(c: Context): Outcome<number | undefined> {
  const header = c.req.header('If-Match')
  if (header === undefined || header === '*') return accepted(undefined)
  const [, digits] = /^"(\d{1,15})"$/.exec(header.trim()) ?? []
  if (digits !== undefined) return accepted(Number(digits))
  return refused(
    'invalid_request',
    'If-Match must be the ETag that the issuer was read with, such as "3", or *, got something else',
  )
}

/** For what does not go by a revision: refused where one is named all the same. */
export function withoutRevision(c: Context): Outcome<undefined> {
  if (c.req.header('If-Match') === undefined) return accepted(undefined)
  return refused(
    'invalid_request',
    'If-Match must be left out, got one: rotations and sweeps decide on the issuer as it is, at any revision',
  )
}
