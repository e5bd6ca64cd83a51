/**
 * What the ring waits for: the moments that are due, derived.
 */

import type { IssuerPolicy } from '../issuers/policy.ts'
import type { PublicRing } from '../issuers/issuer-document.ts'
import type { PublicKeyRecord } from '../issuers/key-record.ts'
import { activeKey, scheduledKeys } from './key-status.ts'

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
  { keys, adopted }: PublicRing,
  policy: IssuerPolicy,
  retentionSeconds: number,
  now: number,
): RingMoment | undefined {
  const moments: RingMoment[] = keys.flatMap(({ revokedAt }) =>
    revokedAt === undefined ? [] : [{ at: revokedAt, what: 'revocation' }],
  )
  for (const { withdrawal } of adopted) {
    if (withdrawal === undefined) continue
    moments.push({ at: withdrawal.publishedUntil, what: 'retirement' })
  }
  for (const { key, activatesAt, supersededAt } of scheduledKeys(keys)) {
    moments.push({ at: activatesAt, what: 'activation' })
    const retiresAt = supersededAt === undefined ? Infinity : supersededAt + retentionSeconds
    // A key that is revoked before then leaves the JWK Set by its revocation.
    if (retiresAt < (key.revokedAt ?? Infinity)) moments.push({ at: retiresAt, what: 'retirement' })
  }
  const due = rotationDueAt(keys, policy, now)
  if (due !== undefined) moments.push({ at: due, what: 'rotation due' })
  return moments.filter(({ at }) => at > now).toSorted((a, b) => a.at - b.at)[0]
}
