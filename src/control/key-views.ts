/**
 * What the control API shows of keys: everything but key references. Moments in Unix seconds.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type {
  AdoptedKeyRecord,
  KeyRecord,
  Leftover,
  PublicAdoptedKey,
  PublicKeyRecord,
  Reservation,
} from '../issuers/key-record.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import { type AdoptedKeyStatus, adoptedKeyStatus } from '../keyring/adopted-status.ts'
import { type KeyStatus, keyStatus, retirementAt, scheduledKeys } from '../keyring/key-status.ts'
import type { KeyCustody } from '../signers/key-manager.ts'

/** A key of our own. */
export interface OwnKeyView extends Omit<PublicKeyRecord, 'publicJwk'> {
  readonly origin: 'own'
  readonly status: KeyStatus
  readonly custody: KeyCustody
  /** When the next key takes over. */
  readonly supersededAt?: number
  /** When it leaves the JWK Set. */
  readonly retiresAt?: number
}

/** A cluster's key. */
export interface AdoptedKeyView extends Omit<PublicAdoptedKey, 'publicJwk'> {
  readonly origin: 'adopted'
  readonly status: AdoptedKeyStatus
  readonly fingerprint: string
}

export type KeyView = OwnKeyView | AdoptedKeyView

/** A key that is being made. */
export type ReservationView = Omit<Reservation, 'slot'>

/** What the ring has forgotten and somebody still keeps. */
export type LeftoverView = Omit<Leftover, 'keyRef'>

export function keyViews(
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): KeyView[] {
  const { keys, adopted } = document.ring
  const retention = retentionInForce(document, bounds, now)
  const supersededAt = new Map(scheduledKeys(keys).map((entry) => [entry.key, entry.supersededAt]))
  return [
    ...keys.map((key) => {
      const status = keyStatus(keys, key, retention, now)
      return ownKeyView(key, status, supersededAt.get(key), retention)
    }),
    ...adopted.map((key) => adoptedKeyView(key, adoptedKeyStatus(key, now))),
  ]
}

export function reservationView({ alg, custody, reservedAt }: Reservation): ReservationView {
  return { alg, custody, reservedAt }
}

export function leftoverView(leftover: Leftover): LeftoverView {
  const { slot, alg, custody, forgottenAt, kid, deletion, keptAt } = leftover
  return {
    slot,
    alg,
    custody,
    forgottenAt,
    ...(kid === undefined ? {} : { kid }),
    ...(deletion === undefined ? {} : { deletion }),
    ...(keptAt === undefined ? {} : { keptAt }),
  }
}

function ownKeyView(
  { kid, alg, custody, publishedAt, firstSeenAt, activatesAt, revokedAt }: KeyRecord,
  status: KeyStatus,
  supersededAt: number | undefined,
  retentionSeconds: number,
): OwnKeyView {
  const retiresAt = retirementAt(supersededAt, retentionSeconds)
  return {
    origin: 'own',
    kid,
    alg,
    custody,
    status,
    publishedAt,
    ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
    ...(activatesAt === undefined ? {} : { activatesAt }),
    ...(supersededAt === undefined ? {} : { supersededAt }),
    // A key that is revoked before then leaves the JWK Set by its revocation.
    ...(retiresAt < (revokedAt ?? Infinity) ? { retiresAt } : {}),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  }
}

function adoptedKeyView(
  { kid, alg, fingerprint, publishedAt, withdrawal }: AdoptedKeyRecord,
  status: AdoptedKeyStatus,
): AdoptedKeyView {
  return {
    origin: 'adopted',
    kid,
    alg,
    fingerprint,
    status,
    publishedAt,
    ...(withdrawal === undefined
      ? {}
      : { withdrawal: { at: withdrawal.at, publishedUntil: withdrawal.publishedUntil } }),
  }
}
