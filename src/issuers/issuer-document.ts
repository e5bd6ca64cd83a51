/**
 * The issuer document: one versioned document an issuer, and all that is stored of it.
 *
 * Identifier, policy and ring. Every state is a pure function of the document and the time. `docs/storage-schema.md`
 * describes the stored bytes; `issuer-codec.ts` reads and writes them.
 */

import { publicJwkOf } from '../crypto/public-jwk.ts'
import type {
  AdoptedKeyRecord,
  FormerKey,
  KeyRecord,
  Leftover,
  PublicAdoptedKey,
  PublicKeyRecord,
  Reservation,
} from './key-record.ts'
import type { IssuerPolicy } from './policy.ts'
import type { PolicySettling } from './policy-settling.ts'

/** Version of the stored format. */
export const FORMAT_VERSION = 3

interface IssuerHead {
  readonly version: typeof FORMAT_VERSION
  readonly id: string
  /** The issuer identifier; fixed when the issuer is created. */
  readonly issuer: string
  /** Counts the writes, from 1. Relying parties see it as `Signet-Ring-Version`. */
  readonly revision: number
  readonly createdAt: number
}

/** What the public documents are made from. Holds no key reference. */
export interface PublicIssuer extends IssuerHead {
  readonly kind: 'issuer'
  readonly policy: IssuerPolicy
  /** What of an earlier policy is still in force; absent once nothing is. */
  readonly settling?: PolicySettling
  readonly ring: PublicRing
}

/** The part of a key ring that everyone may know. */
export interface PublicRing {
  /** Keys of our own, which sign. */
  readonly keys: readonly PublicKeyRecord[]
  /** Keys of a cluster, which are published and never sign here. */
  readonly adopted: readonly PublicAdoptedKey[]
}

export interface KeyRing extends PublicRing {
  readonly keys: readonly KeyRecord[]
  readonly adopted: readonly AdoptedKeyRecord[]
  /** Keys that left the ring. */
  readonly former: readonly FormerKey[]
  /** Of the key that is being made. */
  readonly reservation?: Reservation
  /** What the ring has forgotten and somebody still keeps. */
  readonly leftovers: readonly Leftover[]
}

export interface IssuerDocument extends PublicIssuer {
  readonly ring: KeyRing
  readonly updatedAt: number
  /** Of the last write: tells a write whose answer was lost from one that lost its race. */
  readonly writeNonce: string
}

/** What the public may know of a deleted issuer. */
export interface PublicTombstone extends IssuerHead {
  readonly kind: 'tombstone'
  readonly deletedAt: number
}

/** What stays of a deleted issuer, for ever: IAM may still trust its URL, so nobody may inherit it. */
export interface IssuerTombstone extends PublicTombstone {
  /** Why it was deleted, as the operator said. */
  readonly reason?: string
  /** The `kid` of every key that it ever published. */
  readonly kids: readonly string[]
  /** What somebody still keeps of its keys. */
  readonly leftovers: readonly Leftover[]
  readonly writeNonce: string
}

export type StoredIssuer = IssuerDocument | IssuerTombstone
export type PublicCopy = PublicIssuer | PublicTombstone

/** The part of a stored issuer that may be copied to where the public reads. */
export function publicCopyOf(stored: StoredIssuer): PublicCopy {
  const { version, id, issuer, revision, createdAt } = stored
  const head = { version, id, issuer, revision, createdAt }
  if (stored.kind === 'tombstone') {
    return { ...head, kind: 'tombstone', deletedAt: stored.deletedAt }
  }
  return {
    ...head,
    kind: 'issuer',
    policy: policyOf(stored.policy),
    ...(stored.settling === undefined ? {} : { settling: settlingOf(stored.settling) }),
    ring: {
      keys: stored.ring.keys.map(publicKeyRecordOf),
      adopted: stored.ring.adopted.map(publicAdoptedKeyOf),
    },
  }
}

/** Member by member, so that a member which is added later stays private until it is named here. */
function publicKeyRecordOf(key: KeyRecord): PublicKeyRecord {
  return {
    kid: key.kid,
    alg: key.alg,
    publicJwk: publicJwkOf(key.publicJwk),
    publishedAt: key.publishedAt,
    ...(key.firstSeenAt === undefined ? {} : { firstSeenAt: key.firstSeenAt }),
    ...(key.activatesAt === undefined ? {} : { activatesAt: key.activatesAt }),
    ...(key.revokedAt === undefined ? {} : { revokedAt: key.revokedAt }),
  }
}

function publicAdoptedKeyOf({
  kid,
  alg,
  publicJwk,
  publishedAt,
  withdrawal,
}: AdoptedKeyRecord): PublicAdoptedKey {
  return {
    kid,
    alg,
    publicJwk: publicJwkOf(publicJwk),
    publishedAt,
    ...(withdrawal === undefined
      ? {}
      : { withdrawal: { at: withdrawal.at, publishedUntil: withdrawal.publishedUntil } }),
  }
}

function settlingOf(settling: PolicySettling): PolicySettling {
  return {
    revision: settling.revision,
    jwksMaxAgeSeconds: settling.jwksMaxAgeSeconds,
    tokenTtlMaxSeconds: settling.tokenTtlMaxSeconds,
    mintedTtlMaxSeconds: settling.mintedTtlMaxSeconds,
    ...(settling.seenAt === undefined ? {} : { seenAt: settling.seenAt }),
  }
}

/** Member by member too, in the one order that policies are shown in. */
export function policyOf(policy: IssuerPolicy): IssuerPolicy {
  return {
    algorithm: policy.algorithm,
    custody: policy.custody,
    rotationPeriodSeconds: policy.rotationPeriodSeconds,
    propagationDelaySeconds: policy.propagationDelaySeconds,
    tokenTtlMaxSeconds: policy.tokenTtlMaxSeconds,
    jwksMaxAgeSeconds: policy.jwksMaxAgeSeconds,
  }
}
