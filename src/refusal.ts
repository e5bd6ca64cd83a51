/**
 * Refusals: the expected "no" of the control API, as data.
 *
 * A refusal has a reason for programs and one sentence for people. `refusalStatus` is the only place that
 * decides what a reason means on the wire.
 */

export type RefusalReason =
  | 'invalid_request'
  /** The body is not of the one type that is read. */
  | 'unsupported_media_type'
  | 'issuer_exists'
  | 'issuer_not_found'
  | 'issuer_deleted'
  | 'revision_conflict'
  | 'no_active_key'
  /** What was asked for is written, but a key that it needs could not be made. */
  | 'key_not_made'
  /** The issuer is deleted, and its static copies are not. */
  | 'static_copies_left'
  /** What only an issuer with keys of its own does. */
  | 'publish_only'

export interface Refusal {
  readonly reason: RefusalReason
  /** What is wrong, what was given, what is allowed, what to do. */
  readonly message: string
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

export function refused(reason: RefusalReason, message: string): Outcome<never> {
  return { ok: false, refusal: { reason, message } }
}

/** HTTP status of a refusal. Exhaustive: a new reason does not compile until it is decided here. */
export function refusalStatus(reason: RefusalReason): 400 | 404 | 409 | 410 | 412 | 415 | 503 {
  switch (reason) {
    case 'invalid_request':
      return 400
    case 'issuer_not_found':
    case 'publish_only':
      return 404
    case 'issuer_exists':
    case 'no_active_key':
      return 409
    case 'issuer_deleted':
      return 410
    case 'revision_conflict':
      return 412
    case 'unsupported_media_type':
      return 415
    case 'key_not_made':
    case 'static_copies_left':
      return 503
  }
}
