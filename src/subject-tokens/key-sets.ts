/**
 * The port to key sets elsewhere: those of subject issuers, by discovery.
 */

import type { KeepAlive } from '../reading/storage-flights.ts'
import type { VerificationKey } from './verification-key.ts'

export interface RemoteIssuer {
  readonly issuer: string
  /** Host of its `jwks_uri`, where that is not the issuer's own. */
  readonly jwksHost: string | undefined
}

export type KeySetAnswer =
  | { readonly ok: true; readonly keys: readonly VerificationKey[] }
  /** For the operator: what was asked, what came instead, what to do. */
  | { readonly ok: false; readonly message: string }

export interface RemoteKeySets {
  /**
   * The keys of an issuer: those in memory while they are fresh and have `kid`, else fetched, once at a time. Never rejects;
   * a set without `kid` is an answer too. `keepAlive`: of the request that asks; without it nothing must end with a request.
   */
  keysOf(issuer: RemoteIssuer, kid: string, keepAlive?: KeepAlive): Promise<KeySetAnswer>
}
