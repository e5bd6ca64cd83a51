/**
 * Histories of an issuer, as data: what happens, how long after what was before, and with which weather.
 */

import type { SigningAlgorithm } from '../../../src/crypto/algorithms.ts'
import type { Custody, KeyCustody } from '../../../src/signers/key-manager.ts'
import type { Weather } from './simulation.ts'

/** Moments of a ring around which something may go wrong. */
export const CRITICAL_MOMENTS = [
  'activation',
  'notice',
  'sightings',
  'retirement',
  'pruning',
  'settled',
  'lapse',
  'sweep',
] as const
export type CriticalMoment = (typeof CRITICAL_MOMENTS)[number]

export type Wait =
  | { readonly seconds: number }
  /** Until so many seconds after it, where it is still to come. */
  | { readonly moment: CriticalMoment; readonly offset: number }

/** Something that looks or acts at a host of its own. */
export interface Host {
  readonly skew: number
  readonly weather: readonly Weather[]
}

/** How the public documents are read: by which ways, and what somebody on the way has done to them. */
export interface Look {
  /** Age of what caches on the way gave, as a part of what they may keep. */
  readonly cached: number
  /** Age of what the edge knew, as a part of what it may be. */
  readonly stale: number
  /** Whether the edge serves its last good copy, since it does not reach the store. */
  readonly isLastGood: boolean
  readonly edgeSkew: number
  readonly tampering: Tampering
}

/** `swapped`: another key under the same name. `hidden`: the set lacks the newest key. `ahead`: the header names a later version. */
export type Tampering = 'none' | 'swapped' | 'hidden' | 'twice' | 'renamed algorithm' | 'ahead'

/** Durations as choices, so that the policies which come of it hold their relations. */
export interface PolicyChoice {
  readonly jwksMaxAgeSeconds?: number
  readonly tokenTtlMaxSeconds?: number
  /** Above the least delay. */
  readonly extraDelaySeconds?: number
  /** Above the delay. */
  readonly extraPeriodSeconds?: number
  readonly algorithm?: SigningAlgorithm
  readonly custody?: KeyCustody
}

/** From an observation outside until a host is told of it. */
export const TOLD_SECONDS_MAX = 60

export type Happening =
  | { readonly type: 'wait' }
  /** Rotations that start in one moment. */
  | { readonly type: 'rotate'; readonly hosts: readonly (Host & { readonly look: Look })[] }
  /** Somebody outside looks, and a host is told some seconds later. */
  | {
      readonly type: 'confirm'
      readonly host: Host
      readonly look: Look
      readonly laterSeconds: number
    }
  | { readonly type: 'sweep'; readonly hosts: readonly Host[] }
  | { readonly type: 'set policy'; readonly host: Host; readonly choice: PolicyChoice }
  | {
      readonly type: 'revoke'
      readonly host: Host
      readonly which: 'active' | 'pending' | 'retiring'
      /** The active key signs on until its successor does. */
      readonly isGraceful: boolean
    }
  | {
      readonly type: 'adopt'
      readonly host: Host
      readonly set: readonly number[]
      readonly retentionSeconds: number | undefined
    }
  /** The public store gets no new version for so long. */
  | { readonly type: 'public store stuck'; readonly seconds: number }
  | { readonly type: 'delete'; readonly host: Host }

export type Event = Happening & { readonly after: Wait }

export interface Start {
  readonly store: 's3' | 'kv'
  readonly custody: Custody
  readonly algorithm: SigningAlgorithm
  /** Of the adopted keys that it starts with. */
  readonly adopted: readonly number[]
  readonly choice: Required<Omit<PolicyChoice, 'algorithm' | 'custody'>>
  /** By number: keys whose public part is another key's. */
  readonly mismatched: readonly number[]
}

export interface History {
  readonly start: Start
  readonly events: readonly Event[]
}
