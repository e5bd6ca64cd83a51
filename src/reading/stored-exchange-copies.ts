/**
 * The copies that tokens are issued by, read from the document store: each anew once it is as old as a signer's may be.
 *
 * A copy is as old as the question that brought it, and one that storage does not give anew is used no longer. A policy
 * is compiled once, until another one is stored.
 */

import type { Clock } from '../clock.ts'
import { type Deadline, timerDeadline } from '../deadline.ts'
import { Fault } from '../errors.ts'
import { parseStoredIssuer } from '../issuers/issuer-codec.ts'
import { issuerKey } from '../issuers/issuer-repository.ts'
import { SIGNER_STALENESS_SECONDS, SLOW_STORAGE_MS, STORAGE_WAIT_MS } from '../limits.ts'
import { policyKey } from '../policies/policy-repository.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { copyWeight } from './copy-weight.ts'
import type { ExchangeCopies, ExchangeCopy } from './exchange-copies.ts'
import { type KeptExchangeCopies, keptExchangeCopies } from './kept-exchange-copies.ts'
import { singleFlight } from './single-flight.ts'
import { storedPolicies } from './stored-policies.ts'

export interface ExchangeCopiesOptions {
  readonly documents: Pick<DocumentStore, 'get'>
  readonly clock: Clock
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
  /** Default: none yet. */
  readonly kept?: KeptExchangeCopies
}

/** A flight must not reject: what it comes to is data. */
type Answer =
  | { readonly ok: true; readonly copy: ExchangeCopy | undefined; readonly askedAt: number }
  | { readonly ok: false; readonly error: unknown }

/** What somebody else's question brought may be too old when it comes; one's own is not. */
const QUESTIONS_MAX = 2

export function exchangeCopies(options: ExchangeCopiesOptions): ExchangeCopies {
  const { documents, clock, deadline = timerDeadline, kept = keptExchangeCopies() } = options
  const flights = singleFlight<string, Answer>({ deadline, patienceMilliseconds: SLOW_STORAGE_MS })
  const policies = storedPolicies()
  let changes = 0

  async function read(id: string, askedAt: number): Promise<ExchangeCopy | undefined> {
    const changesBefore = changes
    const [issuer, policy] = await Promise.all([
      documents.get(issuerKey(id)),
      documents.get(policyKey(id)),
    ])
    if (issuer === undefined) return undefined
    const stored = parseStoredIssuer(id, issuer.body)
    const before = kept.get(id)
    const isCompiled = before !== undefined && before.policyEtag === policy?.etag
    const compiled = isCompiled ? before.copy.policy : await policies.compiled(id, policy)
    const copy = { stored, policy: compiled }
    const weight = copyWeight(issuer.body, policy?.body)
    // A later question may be answered already, and what is from before a change here is not kept.
    const isLatest = askedAt >= (kept.get(id)?.askedAt ?? askedAt)
    const isForgotten = changes !== changesBefore
    if (isLatest) kept.set(id, { copy, weight, policyEtag: policy?.etag, askedAt, isForgotten })
    return copy
  }

  async function ask(id: string): Promise<Answer> {
    const askedAt = clock.now()
    try {
      return { ok: true, copy: await read(id, askedAt), askedAt }
    } catch (error) {
      return { ok: false, error }
    }
  }

  return {
    forget: (id) => {
      changes += 1
      flights.forget(id)
      const before = kept.get(id)
      if (before !== undefined) kept.set(id, { ...before, isForgotten: true })
    },
    load: async (id, keepAlive) => {
      function begin(): Promise<Answer> {
        const work = ask(id)
        keepAlive?.(work)
        return work
      }
      for (let question = 1; question <= QUESTIONS_MAX; question += 1) {
        const before = kept.get(id)
        if (before !== undefined && !before.isForgotten && isFresh(before, clock)) {
          return before.copy
        }
        const answer = await flights.answerOf(id, begin, STORAGE_WAIT_MS)
        if (answer === 'late' || answer === 'others_late') {
          throw new Fault('storage_unavailable', `no answer within ${STORAGE_WAIT_MS} ms`)
        }
        if (!answer.ok) throw answer.error
        if (isFresh(answer, clock)) return answer.copy
      }
      throw new Fault('storage_unavailable', 'what storage answered was too old when it came')
    },
  }
}

/** Of a clock that went back, nobody knows how old a copy is. */
function isFresh({ askedAt }: { readonly askedAt: number }, clock: Clock): boolean {
  const age = clock.now() - askedAt
  return age >= 0 && age < SIGNER_STALENESS_SECONDS
}
