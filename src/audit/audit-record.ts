/**
 * Audit records: one for each token that was issued or refused, and for each action on the control API. They are records of
 * the log under fixed names, with the same fields on every host.
 *
 * Whatever a token says goes through `audited` first: ARNs and account ids stay out, and nothing in it steers a terminal.
 */

import type { LogFields } from '../log.ts'

export const AUDIT_EVENTS = ['token_issued', 'token_refused', 'control_action'] as const
export type AuditEvent = (typeof AUDIT_EVENTS)[number]

/** Fields of `token_issued` and `token_refused`; what is not known is left out. */
export interface ExchangeRecord extends LogFields {
  /** Of this record; the answer carries it as `Signet-Request-Id`. */
  readonly requestId: string
  /** Id of the issuer that was asked. */
  readonly issuer: string
  readonly durationMs: number
}

/** What becomes known during an exchange, as it is; `exchange-record.ts` makes a record of it. */
export interface ExchangeFacts {
  /** Name of the entry whose key verified the subject token. */
  readonly entry?: string | undefined
  /** These four as the subject token says them: verified or not, which `subjectVerified` tells. */
  readonly subjectIssuer?: string | undefined
  readonly subject?: string | undefined
  readonly subjectJti?: string | undefined
  readonly subjectKid?: string | undefined
  readonly subjectVerified?: boolean | undefined
  readonly subjectTokenType?: string | undefined
  readonly subjectTokenSha256?: string | undefined
  /** Asked for. */
  readonly audience?: string | undefined
  /** Of the issued token, as the rest. */
  readonly issuedSubject?: string | undefined
  readonly jti?: string | undefined
  readonly kid?: string | undefined
  readonly alg?: string | undefined
  readonly tokenSha256?: string | undefined
  readonly expiresAt?: number | undefined
  /** How long the key took, part of the whole: opened, where it was not in memory, and asked for the signature. */
  readonly signMs?: number | undefined
  /** Why none was issued: of the refusal, or the code of a fault. */
  readonly reason?: string | undefined
  readonly detail?: string | undefined
}
