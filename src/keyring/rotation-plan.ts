/**
 * What a rotation does with a ring, and why it does not do what is due: as data.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { ObservationProblem, ObservedKey } from '../publication/observation.ts'
import type { KeyCustody } from '../signers/key-manager.ts'

/**
 * `bootstrap`: the first key of its own of an issuer. `scheduled`: the one that will follow. `emergency`: no key signs, since
 * the last one was revoked.
 */
export type CreateReason = 'bootstrap' | 'scheduled' | 'emergency'

/**
 * `retired`: no token of its can be valid. `revoked`: long enough ago. `replaced`: it never signed and never will. `unusable`:
 * it would sign next, and does not open or sign any more.
 */
export type PruneReason = 'retired' | 'revoked' | 'replaced' | 'unusable'

export type RotationAction =
  /** `signsAtOnce`: no relying party knows the issuer yet, so none has to learn of the key first. */
  | {
      readonly type: 'create'
      readonly reason: CreateReason
      readonly alg: SigningAlgorithm
      readonly custody: KeyCustody
      readonly signsAtOnce: boolean
    }
  /** The public documents show the key for the first time. */
  | { readonly type: 'see'; readonly kid: string; readonly firstSeenAt: number }
  /** They still show it: it may sign from then on, once what it signs verifies with the key as it was fetched. */
  | {
      readonly type: 'confirm'
      readonly kid: string
      readonly activatesAt: number
      readonly fetched: ObservedKey
    }
  /** A policy that changed moves a hand-over that is not near. */
  | { readonly type: 'reschedule'; readonly kid: string; readonly activatesAt: number }
  /** The key leaves the ring. */
  | { readonly type: 'prune'; readonly kid: string; readonly why: PruneReason }
  /** The public documents show the present policy. */
  | { readonly type: 'settle'; readonly seenAt: number }
  /** Whoever reserved the slot is gone; whether it made a key is not known. */
  | { readonly type: 'abandon'; readonly slot: string }

/** Why something that is due does not happen. */
export type RotationWait =
  /** The public documents do not show the successor, which was published then. */
  | { readonly reason: 'successor_not_seen'; readonly kid: string; readonly publishedAt: number }
  /** They have shown it once; what they show from then on counts as the second time. */
  | { readonly reason: 'successor_seen_once'; readonly kid: string; readonly until: number }
  /** What the successor signs does not verify with the key that they show. */
  | { readonly reason: 'successor_not_verified'; readonly kid: string }
  /** They do not show the policy of this revision, so an older one stays in force. */
  | { readonly reason: 'policy_not_seen'; readonly revision: number }
  /** The public documents could not be read. */
  | {
      readonly reason: 'not_observed'
      readonly problem: ObservationProblem
      readonly message: string
    }
  /** Another run makes the key, or has until then. */
  | { readonly reason: 'key_being_made'; readonly until: number }
  /** Of so many keys nobody knows whether they were made: the service that keeps them is broken, or the sweeps are. */
  | { readonly reason: 'too_many_leftovers'; readonly count: number }
  /** The JWK Set has as many keys of this type as relying parties read. */
  | { readonly reason: 'key_set_full'; readonly keyType: 'RSA' | 'EC' }

export interface RotationPlan {
  readonly actions: readonly RotationAction[]
  readonly waits: readonly RotationWait[]
}
