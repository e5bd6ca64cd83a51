/**
 * What the control API shows of an issuer: everything but key references. Moments in Unix seconds.
 *
 * Views are built member by member: so that a member which is added later is shown on purpose, and always in one order.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { ListedIssuer } from '../issuers/issuer-repository.ts'
import {
  type IssuerDocument,
  type IssuerTombstone,
  policyOf,
  type StoredIssuer,
} from '../issuers/issuer-document.ts'
import type {
  AdoptedKeyRecord,
  KeyRecord,
  PublicAdoptedKey,
  PublicKeyRecord,
} from '../issuers/key-record.ts'
import { type IssuerPolicy, type PublicationBounds, retentionSeconds } from '../issuers/policy.ts'
import { type AdoptedKeyStatus, adoptedKeyStatus } from '../keyring/adopted-status.ts'
import { type KeyStatus, keyStatus } from '../keyring/key-status.ts'
import type { KeyCustody } from '../signers/key-manager.ts'
import type { MintedToken } from '../tokens/mint.ts'

/** A key of our own. */
export interface OwnKeyView extends Omit<PublicKeyRecord, 'publicJwk'> {
  readonly origin: 'own'
  readonly status: KeyStatus
  readonly custody: KeyCustody
}

/** A cluster's key. */
export interface AdoptedKeyView extends Omit<PublicAdoptedKey, 'publicJwk'> {
  readonly origin: 'adopted'
  readonly status: AdoptedKeyStatus
  readonly fingerprint: string
}

export type KeyView = OwnKeyView | AdoptedKeyView

export interface IssuerView {
  readonly id: string
  readonly issuer: string
  readonly revision: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly policy: IssuerPolicy
  readonly keys: readonly KeyView[]
}

/** One that cannot be read is listed with its problem, whichever list it belongs to. */
export type IssuerListEntry =
  | Pick<IssuerView, 'id' | 'issuer' | 'createdAt'>
  | DeletedIssuerView
  | { readonly id: string; readonly problem: string }

export interface DeletedIssuerView {
  readonly id: string
  readonly issuer: string
  readonly deletedAt: number
  readonly reason?: string
}

export interface MintedTokenView {
  readonly token: string
  /** Seconds from the answer to `exp`. */
  readonly expiresIn: number
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: number
  readonly jti: string
}

export function issuerView(
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): IssuerView {
  const { id, issuer, revision, createdAt, updatedAt, policy, ring } = document
  const retention = retentionSeconds(policy, bounds)
  const keys = [
    ...ring.keys.map((key) => ownKeyView(key, keyStatus(ring.keys, key, retention, now))),
    ...ring.adopted.map((key) => adoptedKeyView(key, adoptedKeyStatus(key, now))),
  ]
  return { id, issuer, revision, createdAt, updatedAt, policy: policyOf(policy), keys }
}

function ownKeyView(
  { kid, alg, custody, publishedAt, activatesAt, revokedAt }: KeyRecord,
  status: KeyStatus,
): OwnKeyView {
  return {
    origin: 'own',
    kid,
    alg,
    custody,
    status,
    publishedAt,
    ...(activatesAt === undefined ? {} : { activatesAt }),
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

export function deletedIssuerView({
  id,
  issuer,
  deletedAt,
  reason,
}: IssuerTombstone): DeletedIssuerView {
  return { id, issuer, deletedAt, ...(reason === undefined ? {} : { reason }) }
}

export function mintedTokenView(
  { token, kid, alg, claims }: MintedToken,
  now: number,
): MintedTokenView {
  const { iss, sub, aud, exp, jti } = claims
  return { token, expiresIn: exp - now, kid, alg, iss, sub, aud, exp, jti }
}

/** `kind`: the issuers that there are, or the tombstones of those that were. */
export function issuerListEntries(
  listed: readonly ListedIssuer[],
  kind: StoredIssuer['kind'],
): IssuerListEntry[] {
  return listed.flatMap((entry) => {
    if ('problem' in entry) return [entry]
    return entry.stored.kind === kind ? [storedListEntry(entry.stored)] : []
  })
}

function storedListEntry(stored: StoredIssuer): IssuerListEntry {
  if (stored.kind === 'tombstone') return deletedIssuerView(stored)
  const { id, issuer, createdAt } = stored
  return { id, issuer, createdAt }
}
