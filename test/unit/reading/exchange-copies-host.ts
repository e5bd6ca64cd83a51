/**
 * Copies for issuing whose storage, clock and deadlines are in the hand of the test.
 */

import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { formatStoredPolicy } from '../../../src/policies/policy-codec.ts'
import { policyKey } from '../../../src/policies/policy-repository.ts'
import type { StoredPolicy } from '../../../src/policies/stored-policy.ts'
import type { ExchangeCopies } from '../../../src/reading/exchange-copies.ts'
import { keptExchangeCopies } from '../../../src/reading/kept-exchange-copies.ts'
import { exchangeCopies } from '../../../src/reading/stored-exchange-copies.ts'
import type { StoredDocument } from '../../../src/storage/document-store.ts'
import { anIssuer, NOW } from '../../support/fixtures.ts'
import { aStoredPolicy } from '../../support/stored-policies.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'

interface CopiesHost {
  readonly copies: ExchangeCopies
  /** What storage has; a text that is not there takes a document away. */
  readonly store: (key: string, body: string | undefined) => void
  readonly storeIssuer: (stored: StoredIssuer) => void
  readonly storePolicy: (stored: StoredPolicy) => void
  /** From now on each call is answered when `answerHeld` says so, with what storage had when it was asked. */
  readonly hold: () => void
  /** Answers all calls that are held. */
  readonly answerHeld: () => Promise<void>
  /** Answers the newest two calls that are held: those of one question. */
  readonly answerNewest: () => Promise<void>
  readonly fail: (error: Error | undefined) => void
  /** The keys that were asked for. */
  readonly asked: string[]
  readonly pass: (milliseconds: number) => Promise<void>
  readonly wait: (seconds: number) => void
}

/** Everything that is decided already has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The keys that are asked for of issuer `prod`. */
export const BOTH = [issuerKey('prod'), policyKey('prod')]
export const LATER = anIssuer({ revision: 2, writeNonce: 'nonce-2' })

/** `weightMax`: of what is kept in memory. */
export function copiesHost(weightMax?: number): CopiesHost {
  let now = NOW
  let writes = 0
  let failure: Error | undefined
  let isHolding = false
  const documents = new Map<string, StoredDocument>()
  const held: (() => void)[] = []
  const asked: string[] = []
  const deadlines = heldDeadlines()
  const copies = exchangeCopies({
    documents: {
      get: async (key) => {
        asked.push(key)
        const found = documents.get(key)
        if (isHolding) await new Promise<void>((resolve) => held.push(resolve))
        if (failure !== undefined) throw failure
        return found
      },
    },
    clock: { now: () => now },
    deadline: deadlines.deadline,
    kept: keptExchangeCopies(weightMax),
  })
  function store(key: string, body: string | undefined): void {
    writes += 1
    if (body === undefined) documents.delete(key)
    else documents.set(key, { body, etag: `"${writes}"` })
  }
  return {
    copies,
    store,
    storeIssuer: (stored) => store(issuerKey(stored.id), formatStoredIssuer(stored)),
    storePolicy: (stored) => store(policyKey(stored.id), formatStoredPolicy(stored)),
    hold: () => {
      isHolding = true
    },
    answerHeld: async () => {
      for (const answer of held.splice(0)) answer()
      await settled()
    },
    answerNewest: async () => {
      for (const answer of held.splice(-2)) answer()
      await settled()
    },
    fail: (error) => {
      failure = error
    },
    asked,
    pass: async (milliseconds) => {
      deadlines.pass(milliseconds)
      await settled()
    },
    wait: (seconds) => {
      now += seconds
    },
  }
}

/** A host that has issuer `prod` with a policy, and has read it. */
export async function reading() {
  const host = copiesHost()
  host.storeIssuer(anIssuer())
  host.storePolicy(aStoredPolicy())
  const first = await host.copies.load('prod')
  host.asked.length = 0
  return { ...host, first }
}
