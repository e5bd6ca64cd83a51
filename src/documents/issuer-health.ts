/**
 * The health of an issuer: who signs, who stands by, what comes next, what is overdue. Moments in Unix seconds.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublicAdoptedKey, PublicKeyRecord } from '../issuers/key-record.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { type AdoptedKeyStatus, adoptedKeyStatus } from '../keyring/adopted-status.ts'
import { activeKey, successorKey } from '../keyring/key-status.ts'
import { nextMoment, type RingMoment } from '../keyring/next-moment.ts'
import { ringStatus, type RingStatus } from '../keyring/ring-status.ts'

interface KeyHealth {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly publishedAt: number
  /** When a rotation first saw it in the public documents. */
  readonly firstSeenAt?: number
  readonly activatesAt?: number
}

/** Where the report comes from: storage, or the last good copy of what it had. */
export interface CopyHealth {
  readonly confirmedAt: number
  /** Until when the last good copy is served; absent while storage confirms it. */
  readonly lastGoodUntil?: number
}

export interface IssuerHealth {
  /** `last_good`: storage does not confirm the documents, which are served on for a bounded time. */
  readonly status: RingStatus | 'last_good'
  readonly issuer: string
  readonly ringVersion: number
  readonly activeKey: KeyHealth | null
  /** The key that is published and will sign next. */
  readonly successor: KeyHealth | null
  /** How many adopted keys are in their cluster's set, and how many are published on without being in it. */
  readonly adoptedKeys: { readonly adopted: number; readonly withdrawn: number }
  readonly nextMoment: RingMoment | null
  readonly storage: CopyHealth
}

export interface HealthOptions {
  readonly bounds: PublicationBounds
  readonly storage: CopyHealth
}

export function issuerHealth(
  document: PublicIssuer,
  { bounds, storage }: HealthOptions,
  now: number,
): IssuerHealth {
  const { issuer, revision, ring } = document
  const { keys, adopted } = ring
  const active = activeKey(keys, now)
  const successor = successorKey(keys, now)
  const status = ringStatus(document, bounds, now)
  const isLastGood = storage.lastGoodUntil !== undefined
  return {
    status: isLastGood && isServing(status) ? 'last_good' : status,
    issuer,
    ringVersion: revision,
    activeKey: active === undefined ? null : keyHealth(active),
    successor: successor === undefined ? null : keyHealth(successor),
    adoptedKeys: {
      adopted: countAdopted(adopted, 'adopted', now),
      withdrawn: countAdopted(adopted, 'withdrawn', now),
    },
    nextMoment: nextMoment(document, bounds, now) ?? null,
    storage,
  }
}

/** Whether an issuer of this status does what it is there for. */
export function isServing(status: IssuerHealth['status']): boolean {
  return status !== 'no_active_key' && status !== 'no_published_key'
}

function countAdopted(
  adopted: readonly PublicAdoptedKey[],
  status: AdoptedKeyStatus,
  now: number,
): number {
  return adopted.filter((key) => adoptedKeyStatus(key, now) === status).length
}

function keyHealth(key: PublicKeyRecord): KeyHealth {
  const { kid, alg, publishedAt, firstSeenAt, activatesAt } = key
  return {
    kid,
    alg,
    publishedAt,
    ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
    ...(activatesAt === undefined ? {} : { activatesAt }),
  }
}
