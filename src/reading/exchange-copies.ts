/**
 * What a host issues tokens by: an issuer's document and its exchange policy, in memory for at most
 * `SIGNER_STALENESS_SECONDS`. Never the public copy, never a last good one: an old one could sign with a superseded key.
 */

import type { StoredIssuer } from '../issuers/issuer-document.ts'
import type { CompiledPolicy } from '../policies/compiled-policy.ts'
import type { KeepAlive } from './storage-flights.ts'

export interface ExchangeCopy {
  readonly stored: StoredIssuer
  /** `undefined` where none was set. */
  readonly policy: CompiledPolicy | undefined
}

export interface ExchangeCopies {
  /**
   * Rejects with faults `storage_unavailable` and `document_corrupt`, the latter also for a policy that this version does not
   * compile. `undefined` where there is no such issuer. `keepAlive`: of the request that asks.
   */
  load(id: string, keepAlive?: KeepAlive): Promise<ExchangeCopy | undefined>
  /** Has storage asked at the next load. */
  forget(id: string): void
}
