/**
 * The health of an issuer: who signs, who stands by, what comes next, what is overdue. Moments in Unix seconds.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublicKeyRecord } from '../issuers/key-record.ts'
import { type PublicationBounds, retentionSeconds } from '../issuers/policy.ts'
import { activeKey, successorKey } from '../keyring/key-status.ts'
import { nextMoment, type RingMoment, rotationDueAt } from '../keyring/next-moment.ts'

interface KeyHealth {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly publishedAt: number
  readonly activatesAt?: number
}

export interface IssuerHealth {
  /** `overdue`: the active key has signed for longer than the rotation period; it signs on. */
  readonly status: 'ok' | 'overdue' | 'no_active_key'
  readonly issuer: string
  readonly ringVersion: number
  readonly activeKey: KeyHealth | null
  /** The key that is published and will sign next. */
  readonly successor: KeyHealth | null
  readonly nextMoment: RingMoment | null
}

export function issuerHealth(
  { issuer, policy, revision, ring: { keys } }: PublicIssuer,
  bounds: PublicationBounds,
  now: number,
): IssuerHealth {
  const retention = retentionSeconds(policy, bounds)
  const active = activeKey(keys, now)
  const successor = successorKey(keys, now)
  const due = rotationDueAt(keys, policy, now)
  return {
    status: due === undefined ? 'no_active_key' : due <= now ? 'overdue' : 'ok',
    issuer,
    ringVersion: revision,
    activeKey: active === undefined ? null : keyHealth(active),
    successor: successor === undefined ? null : keyHealth(successor),
    nextMoment: nextMoment(keys, policy, retention, now) ?? null,
  }
}

function keyHealth({ kid, alg, publishedAt, activatesAt }: PublicKeyRecord): KeyHealth {
  return { kid, alg, publishedAt, ...(activatesAt === undefined ? {} : { activatesAt }) }
}
