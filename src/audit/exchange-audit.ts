/**
 * One audit record for each request for a token, whatever comes of it: gathers what becomes known on the way, and writes it
 * down at the end. What the fields of the record are is `exchange-record.ts`.
 */

import type { Sha256 } from '../crypto/digest.ts'
import { Fault } from '../errors.ts'
import type { Log } from '../log.ts'
import { runtimeStopwatch, type Stopwatch } from '../stopwatch.ts'
import type { ExchangeFacts } from './audit-record.ts'
import { millisecondsSince } from './duration.ts'
import { exchangeRecord } from './exchange-record.ts'
import { tokenSha256 } from './token-sha256.ts'

export interface ExchangeAuditPorts {
  readonly log: Log
  /** Default: that of the runtime. */
  readonly stopwatch?: Stopwatch | undefined
  /** Default: WebCrypto's. */
  readonly sha256?: Sha256 | undefined
}

export type ExchangeEnding =
  | { readonly type: 'issued'; readonly answer: { readonly token: string } }
  | {
      readonly type: 'refused'
      readonly refusal: { readonly reason: string; readonly detail: string }
    }
  | { readonly type: 'failed'; readonly error: unknown }

export interface ExchangeInquiry {
  readonly requestId: string
  /** Id of the issuer that was asked. Without one nothing is recorded: paths that lead nowhere must not fill the log. */
  isOf(issuerId: string): void
  /** Hashed while other work waits. */
  shows(subjectToken: string): void
  readonly note: (facts: ExchangeFacts) => void
  /** Writes the record; `false` where there is none. */
  end(ending: ExchangeEnding): Promise<boolean>
}

/** `begin`: as soon as there is a request. */
export function exchangeAudit({ log, stopwatch = runtimeStopwatch, sha256 }: ExchangeAuditPorts): {
  begin(): ExchangeInquiry
} {
  return {
    begin: () => {
      const requestId = crypto.randomUUID()
      const begunAt = stopwatch()
      let issuer: string | undefined
      let subjectTokenSha256: Promise<string> | undefined
      let facts: ExchangeFacts = {}
      return {
        requestId,
        isOf: (issuerId) => {
          issuer = issuerId
        },
        shows: (subjectToken) => {
          subjectTokenSha256 = tokenSha256(subjectToken, sha256)
        },
        note: (more) => {
          facts = { ...facts, ...more }
        },
        end: async (ending) => {
          if (issuer === undefined) return false
          const its = {
            ...(await endingFacts(ending, sha256)),
            subjectTokenSha256: await subjectTokenSha256,
          }
          const head = { requestId, issuer, durationMs: millisecondsSince(begunAt, stopwatch) }
          const record = exchangeRecord(head, { ...facts, ...its })
          if (ending.type === 'issued') log('info', 'token_issued', record)
          else log('warn', 'token_refused', record)
          return true
        },
      }
    },
  }
}

async function endingFacts(
  ending: ExchangeEnding,
  sha256: Sha256 | undefined,
): Promise<ExchangeFacts> {
  switch (ending.type) {
    case 'issued':
      return { tokenSha256: await tokenSha256(ending.answer.token, sha256) }
    case 'refused':
      return ending.refusal
    case 'failed':
      return { reason: ending.error instanceof Fault ? ending.error.code : 'internal' }
  }
}
