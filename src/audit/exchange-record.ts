/**
 * The audit record of a request for a token: always the same fields in the same order. No I/O.
 */

import type { ExchangeFacts, ExchangeRecord } from './audit-record.ts'
import { audited, auditedDetail } from './audited.ts'
import { knownFields } from './known-fields.ts'

export interface ExchangeHead {
  readonly requestId: string
  /** Id of the issuer that was asked. */
  readonly issuer: string
  readonly durationMs: number
}

/** What others wrote goes through `audited`, and the rest is ours. */
export function exchangeRecord(
  { requestId, issuer, durationMs }: ExchangeHead,
  facts: ExchangeFacts,
): ExchangeRecord {
  const known = knownFields({
    entry: facts.entry,
    subjectIssuer: facts.subjectIssuer && audited(facts.subjectIssuer),
    subject: facts.subject && audited(facts.subject),
    subjectVerified: facts.subjectVerified,
    subjectTokenType: facts.subjectTokenType,
    subjectJti: facts.subjectJti && audited(facts.subjectJti),
    subjectKid: facts.subjectKid && audited(facts.subjectKid),
    subjectTokenSha256: facts.subjectTokenSha256,
    audience: facts.audience && audited(facts.audience),
    issuedSubject: facts.issuedSubject && audited(facts.issuedSubject),
    jti: facts.jti,
    kid: facts.kid,
    alg: facts.alg,
    tokenSha256: facts.tokenSha256,
    expiresAt: facts.expiresAt,
    reason: facts.reason,
    detail: facts.detail && auditedDetail(facts.detail),
    signMs: facts.signMs,
  })
  return { requestId, issuer, ...known, durationMs }
}
