/**
 * Rings in the middle of a rotation, and what their public documents show.
 */

import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import type {
  KeyRecord,
  Leftover,
  PublishedKey,
  Reservation,
} from '../../src/issuers/key-record.ts'
import {
  DEFAULT_POLICY,
  type IssuerPolicy,
  type PublicationBounds,
  retentionSeconds,
} from '../../src/issuers/policy.ts'
import type { PolicySettling } from '../../src/issuers/policy-settling.ts'
import type { Observation } from '../../src/publication/observation.ts'
import { aKey, anIssuer, aRing, EC_JWK, keyRef, NO_BOUNDS, NOW } from './fixtures.ts'

export const HOUR = 3600
export const DAY = 86_400

/** Documents are 60 s stale at most, and served for 120 s without storage. */
export const BOUNDS: PublicationBounds = { documentStalenessSeconds: 60, lastGoodSeconds: 120 }

/** What two caches in a row add while origins fail, to the least delay and until old values settle. */
export const EXPIRED_COPIES = 2 * 600

/** Under `BOUNDS`: the least delay is 2,700 s, sightings count 360 s apart. */
export const POLICY: IssuerPolicy = {
  ...DEFAULT_POLICY,
  rotationPeriodSeconds: 10 * DAY,
  propagationDelaySeconds: 2 * HOUR,
  tokenTtlMaxSeconds: HOUR + 300,
  jwksMaxAgeSeconds: 300,
}

/**
 * How long a superseded key stays, by `POLICY` and `BOUNDS`: the TTL, the leeway, the staleness, the last good document, the
 * max-age, and twice the skew.
 */
export const RETENTION = 3900 + 300 + 60 + 120 + 300 + 120

/** Bounds under which a superseded key stays published for `seconds`. */
export function boundsOfRetention(policy: IssuerPolicy, seconds: number): PublicationBounds {
  const documentStalenessSeconds = seconds - retentionSeconds(policy, NO_BOUNDS)
  return { documentStalenessSeconds, lastGoodSeconds: 0 }
}

/** It has signed since the moment that everything is counted from. */
export const ACTIVE = aKey({ publishedAt: NOW - DAY, activatesAt: NOW })

/** A key that waits, published as revision 5; `undefined` takes a member away. */
export function aSuccessor(
  members: { readonly [K in keyof KeyRecord]?: KeyRecord[K] | undefined } = {},
): KeyRecord {
  const key = {
    ...aKey({
      kid: 'kid-next',
      slot: 'slot-next',
      keyRef: keyRef('private-reference-next'),
      publicJwk: { kty: 'RSA', n: 'modulus-next', e: 'AQAB' },
      publishedAt: NOW,
      publishedRevision: 5,
    }),
    activatesAt: undefined,
    ...members,
  }
  return Object.fromEntries(
    Object.entries(key).filter(([, value]) => value !== undefined),
  ) as unknown as KeyRecord
}

/** Of the other algorithm. */
export const EC_MEMBERS = {
  kid: 'kid-ec',
  slot: 'slot-ec',
  alg: 'ES256',
  publicJwk: EC_JWK,
} as const

/** At revision 9 unless told. */
export function aRotating(
  keys: readonly KeyRecord[],
  members: Partial<IssuerDocument> = {},
  ring: Partial<IssuerDocument['ring']> = {},
): IssuerDocument {
  return anIssuer({ revision: 9, policy: POLICY, ring: aRing({ keys, ...ring }), ...members })
}

/** What showed these keys of document 9 at this moment. */
export function shows(
  keys: readonly PublishedKey[],
  at: number,
  members: Partial<Observation> = {},
): Observation {
  const observed = keys.map(({ kid, alg, publicJwk }) => ({ kid, alg, publicJwk }))
  return { at, ringVersion: 9, keys: observed, ...members }
}

export function aReservation(members: Partial<Reservation> = {}): Reservation {
  return { slot: 'slot-r', alg: 'RS256', custody: 'kms', reservedAt: NOW, ...members }
}

/** Of a key that was in a ring. */
export function aLeftover(members: Partial<Leftover> = {}): Leftover {
  return {
    slot: 'slot-l',
    alg: 'RS256',
    custody: 'kms',
    forgottenAt: NOW,
    kid: 'kid-l',
    keyRef: keyRef('private-reference-l'),
    ...members,
  }
}

/** A policy of revision 7, not seen yet. */
export function aSettling(members: Partial<PolicySettling> = {}): PolicySettling {
  return {
    revision: 7,
    jwksMaxAgeSeconds: 900,
    tokenTtlMaxSeconds: 7200,
    mintedTtlMaxSeconds: HOUR,
    ...members,
  }
}

/** One of which nothing is known but its place, one that is being deleted, one that was taken back. */
export const LEFTOVERS = [
  { slot: 'slot-d', alg: 'RS256', custody: 'kms', forgottenAt: NOW + 6 },
  {
    slot: 'slot-e',
    alg: 'ES256',
    custody: 'kms',
    forgottenAt: NOW + 7,
    kid: 'kid-e',
    keyRef: keyRef('private-reference-e'),
    deletion: { scheduledAt: NOW + 8, windowDays: 30 },
  },
  {
    slot: 'slot-f',
    alg: 'ES256',
    custody: 'kms',
    forgottenAt: NOW + 7,
    keyRef: keyRef('private-reference-f'),
    keptAt: NOW + 9,
  },
] as const satisfies readonly Leftover[]
