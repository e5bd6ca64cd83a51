/**
 * What an entry decides on a verified subject token. Made in `decide-exchange.ts`, without I/O and without a clock.
 */

import type { ExtraClaims } from '../tokens/claims.ts'

export type PolicyRefusalReason =
  /** The condition is not true. */
  | 'condition_not_met'
  /** An expression failed, or gave what a token cannot hold. */
  | 'expression_failed'
  /** The entry does not list the audience, or it is one of this installation. */
  | 'audience_not_allowed'
  /** `sub` does not begin with the entry's name although there are more entries. */
  | 'subject_not_prefixed'
  /** A limit of AWS or Google, which the detail names. */
  | 'limit_exceeded'

export interface DecidedToken {
  readonly subject: string
  readonly audience: string
  /** Tags and source identity as AWS has them, and the further claims. */
  readonly claims: ExtraClaims
  /** Of the policy, where it says one. */
  readonly ttl: number | undefined
  readonly mayOutliveSubject: boolean
}

export type Decision =
  | { readonly ok: true; readonly token: DecidedToken }
  /** `detail`: for the operator, without values of claims. */
  | { readonly ok: false; readonly reason: PolicyRefusalReason; readonly detail: string }
