/**
 * The static copies as whoever rotates has them: to look at, and to have made.
 */

import type { StoredIssuer } from '../issuers/issuer-document.ts'
import type { Observed } from '../publication/observation.ts'
import { seenInCopies } from './seen-in-copies.ts'
import { type StaticCopiesDeps, updateCopies } from './update-copies.ts'

export interface StaticCopies {
  /**
   * Has the copies say what this document says now; a deleted issuer, and one that publishes no key, has none. Rejects with
   * faults `static_copies_unavailable`, and those of documents.
   */
  update(stored: StoredIssuer): Promise<void>
  /** The same, and looks at each of them. */
  check(stored: StoredIssuer): Promise<void>
  /** What of an observation the copy of the JWK Set shows too. */
  confirm(issuer: string, observed: Observed): Promise<Observed>
}

export function staticCopies(deps: StaticCopiesDeps): StaticCopies {
  return {
    update: (stored) => updateCopies(deps, stored),
    check: (stored) => updateCopies(deps, stored, 'at all'),
    confirm: (issuer, observed) => seenInCopies(deps.store, issuer, observed),
  }
}
