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
import type { IssuerPolicy, PublicationBounds } from '../issuers/policy.ts'
import type { MintedToken } from '../tokens/mint.ts'
import { type KeyView, keyViews } from './key-views.ts'

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
  const { id, issuer, revision, createdAt, updatedAt, policy } = document
  const keys = keyViews(document, bounds, now)
  return { id, issuer, revision, createdAt, updatedAt, policy: policyOf(policy), keys }
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
