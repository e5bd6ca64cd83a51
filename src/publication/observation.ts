/**
 * What the public documents of an issuer showed to somebody who read them as a relying party does.
 *
 * Evidence, not belief: what a key's activation rests on. Public parameters alone.
 */

import type { PublicJwk } from '../crypto/public-jwk.ts'

/** AWS takes at most 100 RSA and 100 EC keys: a larger set proves nothing for it. */
export const OBSERVED_KEYS_MAX = 200

export interface Observation {
  /** When the answer was complete, Unix seconds: by the clock of who looked, or of the host that was told. */
  readonly at: number
  /** `Signet-Ring-Version` of the JWK Set: the revision of the document that it was made from. */
  readonly ringVersion: number
  /** The usable members of the JWK Set, in its order; a `kid` that stands in it twice is here twice. */
  readonly keys: readonly ObservedKey[]
}

export interface ObservedKey {
  readonly kid: string
  /** As it was published, whatever that is. */
  readonly alg: string
  readonly publicJwk: PublicJwk
}

export type ObservationProblem =
  /** No connection, or one that broke. */
  | 'unreachable'
  | 'timed_out'
  | 'redirected'
  | 'bad_status'
  /** More bytes or more keys than are read. */
  | 'too_large'
  | 'not_a_discovery_document'
  /** The discovery document is another issuer's. */
  | 'wrong_issuer'
  /** The discovery document sends relying parties elsewhere for the keys. */
  | 'wrong_jwks_uri'
  | 'not_a_jwk_set'
  /** Nothing says which version of the ring the set shows. */
  | 'no_ring_version'

export interface NotObserved {
  readonly ok: false
  readonly problem: ObservationProblem
  /** For an operator: what was asked, what came instead, what to do. */
  readonly message: string
}

export type Observed = { readonly ok: true; readonly observation: Observation } | NotObserved

export function notObserved(problem: ObservationProblem, message: string): NotObserved {
  return { ok: false, problem, message }
}
