/**
 * What the ring waits for: the moments that are due, derived.
 */

import type { PublicIssuer } from '../issuers/issuer-document.ts'
import { type IssuerPolicy, type PublicationBounds } from '../issuers/policy.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import type { PublicKeyRecord } from '../issuers/key-record.ts'
import { activeKey, retirementAt, scheduledKeys } from './key-status.ts'
import { isOfPolicy } from './of-policy.ts'

export interface RingMoment {
  readonly at: number
  readonly what: 'activation' | 'retirement' | 'revocation' | 'rotation due'
}

/** When the active key should hand over; `undefined` while none signs. */
export function rotationDueAt(
  keys: readonly PublicKeyRecord[],
  policy: IssuerPolicy,
  now: number,
): number | undefined {
  const activatesAt = activeKey(keys, now)?.activatesAt
  return activatesAt === undefined ? undefined : activatesAt + policy.rotationPeriodSeconds
}

/** The next moment at which the ring changes or should, from `now` on. */
export function nextMoment(
  issuer: Pick<PublicIssuer, 'policy' | 'settling' | 'ring'>,
  bounds: PublicationBounds,
  now: number,
): RingMoment | undefined {
  const { policy, ring } = issuer
  const { keys, adopted } = ring
  const retentionSeconds = retentionInForce(issuer, bounds, now)
  const moments: RingMoment[] = keys.flatMap(({ revokedAt }) =>
    revokedAt === undefined ? [] : [{ at: revokedAt, what: 'revocation' }],
  )
  for (const { withdrawal } of adopted) {
    if (withdrawal === undefined) continue
    moments.push({ at: withdrawal.publishedUntil, what: 'retirement' })
  }
  for (const { key, activatesAt, supersededAt } of scheduledKeys(keys)) {
    moments.push({ at: activatesAt, what: 'activation' })
    const retiresAt = retirementAt(supersededAt, retentionSeconds)
    // A key that is revoked before then leaves the JWK Set by its revocation.
    if (retiresAt < (key.revokedAt ?? Infinity)) moments.push({ at: retiresAt, what: 'retirement' })
  }
  const due = rotationDueAt(keys, policy, now)
  const active = activeKey(keys, now)
  // One that the policy does not want any more hands over as soon as its successor is proved: when, nobody knows.
  const isByPeriod = active !== undefined && isOfPolicy(active, policy)
  if (due !== undefined && isByPeriod) moments.push({ at: due, what: 'rotation due' })
  return moments.filter(({ at }) => at > now).toSorted((a, b) => a.at - b.at)[0]
}
