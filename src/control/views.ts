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
import type { KeyRecord, PublicKeyRecord } from '../issuers/key-record.ts'
import { type IssuerPolicy, type PublicationBounds, retentionSeconds } from '../issuers/policy.ts'
import { type KeyStatus, keyStatus } from '../keyring/key-status.ts'
import type { Custody } from '../signers/key-manager.ts'
import type { MintedToken } from '../tokens/mint.ts'

export interface KeyView extends Omit<PublicKeyRecord, 'publicJwk'> {
  readonly status: KeyStatus
  readonly custody: Custody
}

export interface IssuerView {
  readonly id: string
  readonly issuer: string
  readonly revision: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly policy: IssuerPolicy
  readonly keys: readonly KeyView[]
}

/** One entry of the list. A deleted issuer is not listed; one that cannot be read is, with its problem. */
export type IssuerListEntry =
  | Pick<IssuerView, 'id' | 'issuer' | 'createdAt'>
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
  const keys = ring.keys.map((key) => keyView(key, keyStatus(ring.keys, key, retention, now)))
  return { id, issuer, revision, createdAt, updatedAt, policy: policyOf(policy), keys }
}

function keyView(
  { kid, alg, custody, publishedAt, activatesAt, revokedAt }: KeyRecord,
  status: KeyStatus,
): KeyView {
  return {
    kid,
    alg,
    custody,
    status,
    publishedAt,
    ...(activatesAt === undefined ? {} : { activatesAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
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

export function issuerListEntries(listed: readonly ListedIssuer[]): IssuerListEntry[] {
  return listed.flatMap((entry) => ('problem' in entry ? [entry] : storedListEntry(entry.stored)))
}

function storedListEntry(stored: StoredIssuer): IssuerListEntry[] {
  if (stored.kind === 'tombstone') return []
  const { id, issuer, createdAt } = stored
  return [{ id, issuer, createdAt }]
}
