/**
 * What a change of the policy does, and when: for whoever decides on it. Moments in Unix seconds.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
import { DURATION_SETTINGS, type IssuerPolicy, type PublicationBounds } from '../issuers/policy.ts'
import { propagationInForce, withPolicy } from '../issuers/policy-in-force.ts'
import {
  dueHandOver,
  earliestHandOver,
  isMovable,
  standingKeys,
  wantedSuccessor,
} from '../keyring/hand-over.ts'
import { activeKey } from '../keyring/key-status.ts'
import { isOfPolicy } from '../keyring/of-policy.ts'
import { secondSightingAt } from '../keyring/second-sighting.ts'

/**
 * `once_seen`: when the public documents have shown it. `by_degrees`: new documents and tokens have it at once, and what was
 * given out before is waited for. `by_rotation`: a key of the new kind, made where none stands by, is proved, and signs then;
 * the old one until then.
 */
export type TakesEffect = 'at_once' | 'once_seen' | 'by_degrees' | 'by_rotation'

export interface PolicyEffect {
  readonly setting: keyof IssuerPolicy
  readonly from: string | number
  readonly to: string | number
  readonly takesEffect: TakesEffect
  /** The earliest, where it can be said. */
  readonly at?: number
  readonly explanation: string
}

interface Change {
  readonly before: IssuerPolicy
  /** With what of the present policy stays in force. */
  readonly after: IssuerDocument
  readonly bounds: PublicationBounds
}

type Effect = Pick<PolicyEffect, 'takesEffect' | 'at' | 'explanation'>

const EFFECTS: Readonly<Record<keyof IssuerPolicy, (change: Change, now: number) => Effect>> = {
  algorithm: newKind,
  custody: newKind,
  rotationPeriodSeconds: handOver,
  propagationDelaySeconds: handOver,
  tokenTtlMaxSeconds: tokenTtl,
  jwksMaxAgeSeconds: maxAge,
}

/** Of each setting that differs, in the order in which policies are shown. */
export function policyEffects(
  before: IssuerDocument,
  after: IssuerPolicy,
  bounds: PublicationBounds,
  now: number,
): PolicyEffect[] {
  const change = { before: before.policy, after: withPolicy(before, after, bounds, now), bounds }
  const settings: readonly (keyof IssuerPolicy)[] = [
    'algorithm',
    'custody',
    ...(Object.keys(DURATION_SETTINGS) as (keyof typeof DURATION_SETTINGS)[]),
  ]
  return settings
    .filter((setting) => before.policy[setting] !== after[setting])
    .map((setting) => ({
      setting,
      from: before.policy[setting],
      to: after[setting],
      ...EFFECTS[setting](change, now),
    }))
}

function newKind(change: Change, now: number): Effect {
  const { after } = change
  if (signsOn(change, now)) {
    return {
      takesEffect: 'at_once',
      explanation: 'the key that signs is of this kind already and signs on: none is made for it',
    }
  }
  const successor = wantedSuccessor(after, now)
  if (successor !== undefined && isOfPolicy(successor, after.policy)) {
    return {
      takesEffect: 'by_rotation',
      at: handOverTo(successor, change, now),
      explanation:
        'a key of the new kind stands by already; until it signs nothing changes, and keys of the old kind stay published as long as tokens of theirs live',
    }
  }
  return {
    takesEffect: 'by_rotation',
    at: now + delayAfter(change, now),
    explanation:
      after.ring.keys.length === 0
        ? 'its first key is made by the next rotation, and signs once the public documents have shown it for the propagation delay'
        : 'a key of the new kind is made by the next rotation, and signs once the public documents have shown it for the propagation delay; until then nothing changes, and keys of the old kind stay published as long as tokens of theirs live',
  }
}

/** Whether the key that signs is of the policy's kind, and none that is not follows it. */
function signsOn(change: Change, now: number): boolean {
  const { policy, ring } = change.after
  const active = activeKey(ring.keys, now)
  const next = nextThatStays(change, now) ?? active
  return [active, next].every((key) => key !== undefined && isOfPolicy(key, policy))
}

/** The key whose time comes as it is written, since nothing can be sure to replace it before. */
function nextThatStays(change: Change, now: number): KeyRecord | undefined {
  const sureAt = nextSureAt(change, now)
  return standingKeys(change.after, now).find((key) => !isMovable(key, sureAt))
}

/** When it is sure that the next key of the policy's kind signs, at the earliest. */
function nextSureAt({ after, bounds }: Change, now: number): number {
  const { firstSeenAt = now, activatesAt } = wantedSuccessor(after, now) ?? {}
  if (activatesAt !== undefined) return now
  return Math.max(secondSightingAt(after, firstSeenAt, bounds, now), now)
}

function handOver(change: Change, now: number): Effect {
  const { after } = change
  const { policy, ring } = after
  const next = nextThatStays(change, now)
  if (next?.activatesAt !== undefined) {
    return {
      takesEffect: 'at_once',
      at: next.activatesAt,
      explanation: 'the next hand-over is too near to be moved, the one after it is decided by it',
    }
  }
  const successor = wantedSuccessor(after, now)
  const explanation =
    successor?.activatesAt === undefined
      ? 'the next hand-over is decided by it'
      : 'the next hand-over is moved to it, unless it is minutes away'
  const active = activeKey(ring.keys, now)
  if (active?.activatesAt === undefined) return { takesEffect: 'at_once', explanation }
  if (successor !== undefined) {
    return { takesEffect: 'at_once', at: handOverTo(successor, change, now), explanation }
  }
  // A key that is not wanted any more hands over without waiting for its period.
  const due = isOfPolicy(active, policy) ? active.activatesAt + policy.rotationPeriodSeconds : now
  return { takesEffect: 'at_once', at: Math.max(due, now + delayAfter(change, now)), explanation }
}

/** At the earliest: one that was not seen yet is seen now at best. */
function handOverTo(successor: KeyRecord, change: Change, now: number): number {
  const { after, bounds } = change
  const { firstSeenAt = now, activatesAt } = successor
  if (activatesAt !== undefined && !isMovable(successor, now)) return activatesAt
  const sureAt = nextSureAt(change, now)
  const due = dueHandOver(after, { successor, firstSeenAt }, bounds, sureAt)
  return Math.max(due, earliestHandOver(sureAt))
}

function delayAfter({ after, bounds }: Change, now: number): number {
  return propagationInForce(after, bounds, now).delaySeconds
}

function tokenTtl({ before, after }: Change): Effect {
  if (after.policy.tokenTtlMaxSeconds > before.tokenTtlMaxSeconds) {
    return {
      takesEffect: 'once_seen',
      explanation:
        'longer tokens are minted once a rotation has seen the new policy in the public documents: hosts with an old copy would drop a key before its tokens expire',
    }
  }
  return {
    takesEffect: 'by_degrees',
    explanation:
      'new tokens have it at once; keys stay published for tokens of the old length until a rotation has seen the new policy, and then for twice that length',
  }
}

function maxAge({ before, after }: Change): Effect {
  if (after.policy.jwksMaxAgeSeconds > before.jwksMaxAgeSeconds) {
    return { takesEffect: 'at_once', explanation: 'new answers have it' }
  }
  return {
    takesEffect: 'by_degrees',
    explanation:
      'new answers have it at once; rotations wait for caches of the old length until a rotation has seen the new policy, and then for twice that length',
  }
}
