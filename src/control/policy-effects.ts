/**
 * What a change of the policy does, and when: for whoever decides on it. Moments in Unix seconds.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { DURATION_SETTINGS, type IssuerPolicy, type PublicationBounds } from '../issuers/policy.ts'
import { propagationInForce, withPolicy } from '../issuers/policy-in-force.ts'
import { activeKey, successorKey } from '../keyring/key-status.ts'
import { isOfPolicy } from '../keyring/of-policy.ts'

/**
 * `once_seen`: when the public documents have shown it. `by_degrees`: new documents and tokens have it at once, and what was
 * given out before is waited for. `by_rotation`: a key of the new kind is made, proved, and signs then; the old one until then.
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
  readonly before: IssuerDocument
  readonly after: IssuerPolicy
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
      ...EFFECTS[setting]({ before, after, bounds }, now),
    }))
}

/** Of the policy to come, with what of the present one stays in force. */
function delayAfter({ before, after, bounds }: Change, now: number): number {
  return propagationInForce(withPolicy(before, after, bounds, now), bounds, now).delaySeconds
}

function newKind(change: Change, now: number): Effect {
  const isFirst = change.before.ring.keys.length === 0
  return {
    takesEffect: 'by_rotation',
    at: now + delayAfter(change, now),
    explanation: isFirst
      ? 'its first key is made by the next rotation, and signs once the public documents have shown it for the propagation delay'
      : 'a key of the new kind is made by the next rotation, and signs once the public documents have shown it for the propagation delay; until then nothing changes, and keys of the old kind stay published as long as tokens of theirs live',
  }
}

function handOver(change: Change, now: number): Effect {
  const { before, after } = change
  const active = activeKey(before.ring.keys, now)
  const wanted = before.ring.keys.filter((key) => isOfPolicy(key, after))
  const successor = successorKey(wanted, now)
  const explanation =
    successor?.activatesAt === undefined
      ? 'the next hand-over is decided by it'
      : 'the next hand-over is moved to it, unless it is minutes away'
  if (active?.activatesAt === undefined) return { takesEffect: 'at_once', explanation }
  // A key that is not wanted any more hands over without waiting for its period.
  const due = isOfPolicy(active, after) ? active.activatesAt + after.rotationPeriodSeconds : now
  const proved = (successor?.firstSeenAt ?? now) + delayAfter(change, now)
  return { takesEffect: 'at_once', at: Math.max(due, proved, now), explanation }
}

function tokenTtl({ before, after }: Change): Effect {
  if (after.tokenTtlMaxSeconds > before.policy.tokenTtlMaxSeconds) {
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
  if (after.jwksMaxAgeSeconds > before.policy.jwksMaxAgeSeconds) {
    return { takesEffect: 'at_once', explanation: 'new answers have it' }
  }
  return {
    takesEffect: 'by_degrees',
    explanation:
      'new answers have it at once; rotations wait for caches of the old length until a rotation has seen the new policy, and then for twice that length',
  }
}
