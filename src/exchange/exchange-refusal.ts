/**
 * Why a request for a token is refused, exactly: for the audit record. What the wire says of each is `wire-error.ts`.
 */

import type { PolicyRefusalReason } from '../policies/decision.ts'
import type { SubjectRefusalReason } from '../subject-tokens/subject-refusal.ts'

/** Of the request itself, before any token is looked at (RFC 6749 §3.2, §5.2; RFC 8693 §2.1). */
export type RequestRefusalReason =
  | 'rate_limited'
  | 'body_too_large'
  | 'media_type_refused'
  /** No form in UTF-8. */
  | 'form_malformed'
  | 'parameter_repeated'
  | 'parameter_missing'
  | 'parameter_refused'
  | 'grant_type_refused'
  | 'token_type_refused'
  | 'actor_refused'
  | 'scope_refused'
  | 'client_authentication_refused'
  /** By an `Authorization` header, which has an answer of its own (RFC 6749 §5.2). */
  | 'authorization_refused'
  /** `resource` is no absolute URI, or there is more than one target. */
  | 'target_refused'

/** Of the issuer. */
export type IssuerRefusalReason =
  | 'issuer_not_found'
  | 'issuer_deleted'
  /** It has no keys of its own. */
  | 'publish_only'
  /** It has no exchange policy, or one without entries. */
  | 'no_policy'
  | 'no_active_key'

/** Of the token that would be issued. */
export type IssuingRefusalReason =
  /** The subject token is over so soon that no token would be left. */
  'lifetime_too_short' | 'issued_token_refused'

export type ExchangeRefusalReason =
  | RequestRefusalReason
  | IssuerRefusalReason
  | SubjectRefusalReason
  | PolicyRefusalReason
  | IssuingRefusalReason

export interface ExchangeRefusal {
  readonly reason: ExchangeRefusalReason
  /** One sentence, without values of claims. Sent where it is of the request itself, else for the operator alone. */
  readonly detail: string
}
