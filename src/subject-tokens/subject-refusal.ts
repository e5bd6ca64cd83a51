/**
 * Why a subject token is not accepted, exactly; what of it is told to the sender is decided in `exchange/wire-error.ts`.
 */

export const SUBJECT_REFUSAL_REASONS = [
  /** More than `TOKEN_CHARS_MAX` characters. */
  'subject_token_too_long',
  /** No JWS in compact form whose header and claims are JSON objects in UTF-8 without duplicate members. */
  'subject_token_malformed',
  /** `crit`, a header that brings or names keys of the sender's choice (`jku`, `jwk`, `x5u`), or one without a usable `kid`. */
  'header_refused',
  /** `alg` is none that is verified at all. */
  'algorithm_refused',
  'type_refused',
  /** A registered claim is missing or of the wrong form, or claims are larger than expressions may read. */
  'claims_refused',
  'expired',
  /** `nbf` or `iat` lies in the future. */
  'not_yet_valid',
  /** `iat` is longer ago than the entry allows. */
  'too_old',
  /** `aud` is not exactly one, or another one than this issuer. */
  'audience_refused',
  /** No entry trusts this `iss`. */
  'issuer_unknown',
  /** No entry of this `iss` has a key of this `kid` for a pinned `alg`. */
  'key_unknown',
  'signature_wrong',
  /** Keys of two entries verify it. */
  'key_ambiguous',
  /** One of our own keys, present or former, verifies it. */
  'own_key',
  /** The key set could not be fetched, and none in memory is young enough. */
  'key_set_unavailable',
] as const
export type SubjectRefusalReason = (typeof SUBJECT_REFUSAL_REASONS)[number]

export interface SubjectRefusal {
  readonly reason: SubjectRefusalReason
  /** For the operator: one sentence, without values of claims. */
  readonly detail: string
  /** What the token says of itself, as far as it was read; unverified. */
  readonly claimed: ClaimedSubject
}

/** A refusal as whoever finds the reason has it. */
export type SubjectProblem = Pick<SubjectRefusal, 'reason' | 'detail'>

export interface ClaimedSubject {
  readonly issuer?: string
  readonly subject?: string
  readonly kid?: string
  readonly jti?: string
}
