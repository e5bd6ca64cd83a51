/**
 * What the wire says of a refusal (RFC 6749 §5.2, RFC 8693 §2.2.2): outward short, inward exact.
 *
 * What is wrong with the request, and what its sender can read in its own token, is said as it is. What concerns trust is one
 * sentence, whoever asks: the operator finds the reason in the audit record of the request id.
 */

import { RETRY_AFTER_SECONDS } from '../limits.ts'
import type { ExchangeRefusal, ExchangeRefusalReason } from './exchange-refusal.ts'

export interface WireError {
  readonly status: 400 | 401 | 404 | 410 | 413 | 415 | 429 | 503
  readonly error: string
  /** As `error_description`. */
  readonly description: string
  /** As `Retry-After`, where trying again helps. */
  readonly retryAfterSeconds?: number
}

interface WireForm extends Omit<WireError, 'description'> {
  /** Absent where the refusal's own detail is said. */
  readonly says?: string
}

/** Hosts count the requests of a source over ten seconds. */
const RATE_RETRY_AFTER_SECONDS = 10

const NO_ENDPOINT =
  "there is no token endpoint here: check the issuer's URL (an issuer that only publishes keys has none)"
const NOT_NOW = 'no token can be issued now; try again'
const NOT_ACCEPTED = 'the subject token is not accepted for this'

const INVALID_REQUEST = { status: 400, error: 'invalid_request' } as const
/** What its sender can read in its own token is said as it is. */
const READABLE = INVALID_REQUEST
const NOT_TRUSTED = { ...INVALID_REQUEST, says: NOT_ACCEPTED } as const
const NOT_HERE = { status: 404, error: 'not_found', says: NO_ENDPOINT } as const
const UNAVAILABLE = {
  status: 503,
  error: 'temporarily_unavailable',
  says: NOT_NOW,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
} as const

/** Of every reason: a new one does not compile until it is decided here what the world may see of it. */
const WIRE_FORMS: Readonly<Record<ExchangeRefusalReason, WireForm>> = {
  rate_limited: {
    status: 429,
    error: 'temporarily_unavailable',
    retryAfterSeconds: RATE_RETRY_AFTER_SECONDS,
  },
  body_too_large: { status: 413, error: 'invalid_request' },
  media_type_refused: { status: 415, error: 'invalid_request' },
  form_malformed: INVALID_REQUEST,
  parameter_repeated: INVALID_REQUEST,
  parameter_missing: INVALID_REQUEST,
  parameter_refused: INVALID_REQUEST,
  grant_type_refused: { status: 400, error: 'unsupported_grant_type' },
  token_type_refused: INVALID_REQUEST,
  actor_refused: INVALID_REQUEST,
  scope_refused: { status: 400, error: 'invalid_scope' },
  client_authentication_refused: { status: 400, error: 'invalid_client' },
  authorization_refused: { status: 401, error: 'invalid_client' },
  target_refused: { status: 400, error: 'invalid_target' },
  issuer_not_found: NOT_HERE,
  publish_only: NOT_HERE,
  issuer_deleted: { status: 410, error: 'issuer_deleted' },
  no_policy: { status: 400, error: 'unauthorized_client' },
  no_active_key: UNAVAILABLE,
  subject_token_too_long: READABLE,
  subject_token_malformed: READABLE,
  header_refused: READABLE,
  algorithm_refused: READABLE,
  type_refused: READABLE,
  claims_refused: READABLE,
  expired: READABLE,
  not_yet_valid: READABLE,
  too_old: READABLE,
  audience_refused: READABLE,
  issuer_unknown: NOT_TRUSTED,
  key_unknown: NOT_TRUSTED,
  signature_wrong: NOT_TRUSTED,
  key_ambiguous: NOT_TRUSTED,
  own_key: NOT_TRUSTED,
  key_set_unavailable: UNAVAILABLE,
  condition_not_met: NOT_TRUSTED,
  expression_failed: NOT_TRUSTED,
  audience_not_allowed: { status: 400, error: 'invalid_target', says: NOT_ACCEPTED },
  subject_not_prefixed: NOT_TRUSTED,
  limit_exceeded: NOT_TRUSTED,
  lifetime_too_short: READABLE,
  issued_token_refused: NOT_TRUSTED,
}

/** `requestId`: of the audit record. */
export function wireErrorOf({ reason, detail }: ExchangeRefusal, requestId: string): WireError {
  const { says, ...form } = WIRE_FORMS[reason]
  const description =
    says === NOT_ACCEPTED
      ? `${says}; the operator of this issuer finds the reason under request id ${requestId}`
      : (says ?? detail)
  return { ...form, description: describable(description) }
}

/** Of a fault, whichever it is: the log tells the operator more. */
export const FAULT_WIRE_ERROR: WireError = {
  status: UNAVAILABLE.status,
  error: UNAVAILABLE.error,
  description: NOT_NOW,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
}

/** An `error_description` has printable ASCII without quotation marks and backslashes (RFC 6749 §5.2). */
function describable(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replaceAll(/[^ -~]/g, '?')
}
