/**
 * Who a request to the control API comes from, as its guard has found out. Stands in the context of the request, for the
 * audit record.
 */

import type { KeepAlive } from '../reading/storage-flights.ts'
import type { SubjectRefusalReason } from '../subject-tokens/subject-refusal.ts'
import type { ControlAllowance } from './control-grant.ts'

export type Principal =
  /** The holder of the control secret. */
  | { readonly kind: 'secret' }
  /** Whoever AWS IAM has let in. */
  | { readonly kind: 'iam' }
  | { readonly kind: 'token'; readonly allows: readonly ControlAllowance[] }

export type AccessRefusalReason =
  | SubjectRefusalReason
  | 'no_credential'
  /** Neither the control secret nor, where such are taken, a token. */
  | 'credential_unknown'
  /** The token's issuer is one of this installation. */
  | 'own_issuer'
  | 'condition_not_met'
  | 'expression_failed'

export interface AccessRefusal {
  readonly reason: AccessRefusalReason
  /** For the operator: one sentence, without values of claims. */
  readonly detail?: string
}

/** A token as an audit record names it. */
export interface PresentedToken {
  /** `tokenSha256` of it. */
  readonly sha256: string
  /** Only once its signature was verified. */
  readonly verified?: VerifiedToken
}

export interface VerifiedToken {
  /** Name of the grant whose key verified it. */
  readonly grant: string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly jti: string | undefined
  readonly kid: string
}

export interface ControlAccess {
  /** `undefined` where it is not known, or not yet. */
  readonly principal?: Principal
  readonly token?: PresentedToken
  readonly refusal?: AccessRefusal
}

/** Of the control API's apps and handlers. */
export interface ControlEnv {
  Bindings?: { readonly keepAlive?: KeepAlive | undefined }
  Variables: {
    /** Of the audit record. */
    requestId: string
    /** Not set where there is no control API. */
    access?: ControlAccess
  }
}
