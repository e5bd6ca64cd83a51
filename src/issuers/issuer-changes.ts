/**
 * The documents that changes make: pure, but for the nonce that names each write.
 */

import { randomBase64Url } from '../crypto/base64url.ts'
import {
  FORMAT_VERSION,
  type IssuerDocument,
  type IssuerTombstone,
  type KeyRing,
  type StoredIssuer,
} from './issuer-document.ts'
import type { Leftover } from './key-record.ts'
import { leftoverOf, unmadeLeftover } from './leftovers.ts'
import type { IssuerPolicy } from './policy.ts'

const WRITE_NONCE_BYTES = 16

export interface NewIssuer {
  readonly id: string
  /** The issuer identifier. */
  readonly issuer: string
  readonly policy: IssuerPolicy
}

/** An issuer without keys yet: planning its ring comes next. */
export function newIssuerDocument(issuer: NewIssuer, now: number): IssuerDocument {
  return {
    version: FORMAT_VERSION,
    kind: 'issuer',
    ...issuer,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    ring: { keys: [], adopted: [], former: [], leftovers: [] },
    writeNonce: newWriteNonce(),
  }
}

/** The document as its next write has it. */
export function nextRevision(document: IssuerDocument, now: number): IssuerDocument {
  const revision = document.revision + 1
  return { ...document, revision, updatedAt: now, writeNonce: newWriteNonce() }
}

/** The stored issuer, with what its next write remembers of what is kept elsewhere. */
export function withLeftovers(
  stored: StoredIssuer,
  leftovers: readonly Leftover[],
  now: number,
): StoredIssuer {
  if (stored.kind === 'tombstone') {
    return { ...stored, revision: stored.revision + 1, leftovers, writeNonce: newWriteNonce() }
  }
  return { ...nextRevision(stored, now), ring: { ...stored.ring, leftovers } }
}

export function tombstoneOf(
  { version, id, issuer, revision, createdAt, ring }: IssuerDocument,
  reason: string | undefined,
  now: number,
): IssuerTombstone {
  return {
    version,
    kind: 'tombstone',
    id,
    issuer,
    revision: revision + 1,
    createdAt,
    deletedAt: now,
    kids: kidsEverPublished(ring),
    leftovers: leftoversOfRing(ring, now),
    ...(reason === undefined ? {} : { reason }),
    writeNonce: newWriteNonce(),
  }
}

/** Whatever the ring names is forgotten with it. */
function leftoversOfRing({ keys, reservation, leftovers }: KeyRing, now: number): Leftover[] {
  return [
    ...leftovers,
    ...keys.flatMap((key) => leftoverOf(key, now)),
    ...(reservation === undefined ? [] : [unmadeLeftover(reservation, now)]),
  ]
}

function kidsEverPublished({ keys, adopted, former }: KeyRing): string[] {
  return [...new Set([...keys, ...adopted, ...former].map(({ kid }) => kid))]
}

function newWriteNonce(): string {
  return randomBase64Url(WRITE_NONCE_BYTES)
}
