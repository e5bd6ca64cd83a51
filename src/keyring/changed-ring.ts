/**
 * Rings after what a rotation does to them: pure.
 *
 * Each takes the document at the revision of the write that it is for (`nextRevision`).
 */

import type { IssuerDocument, KeyRing } from '../issuers/issuer-document.ts'
import { hasEverPublished } from '../issuers/ever-published.ts'
import type { FormerKey, KeyRecord, Reservation } from '../issuers/key-record.ts'
import { leftoverOf, unmadeLeftover } from '../issuers/leftovers.ts'
import { CLOCK_SKEW_SECONDS, FORMER_OWN_KEYS_MAX } from '../limits.ts'
import type { CreatedKey } from '../signers/key-manager.ts'
import type { RotationAction } from './rotation-plan.ts'

/** What is done to the document alone. */
export type RingAction = Exclude<RotationAction, { readonly type: 'create' }>

export type NewKeyPlace = Omit<Reservation, 'reservedAt'>

export function withAction(
  document: IssuerDocument,
  action: RingAction,
  now: number,
): IssuerDocument {
  switch (action.type) {
    case 'see':
      return withMoments(document, action.kid, { firstSeenAt: action.firstSeenAt })
    case 'confirm':
    case 'reschedule':
      return withMoments(document, action.kid, { activatesAt: action.activatesAt })
    case 'prune':
      return withoutKey(document, action.kid, now)
    case 'settle':
      return withSeenPolicy(document, action.seenAt)
    case 'abandon':
      return withoutReservation(document, now)
  }
}

/** The ring with a key that was made for `place`. It signs at once where no relying party knows the issuer yet. */
export function withNewKey(
  document: IssuerDocument,
  { slot, alg, custody }: NewKeyPlace,
  created: CreatedKey,
  now: number,
): IssuerDocument {
  const { ring } = document
  const key: KeyRecord = {
    ...created,
    alg,
    slot,
    custody,
    publishedAt: now,
    publishedRevision: document.revision,
    // In the past by the clock skew, so that a host whose clock is behind signs at once too.
    ...(hasEverPublished(ring) ? {} : { activatesAt: now - CLOCK_SKEW_SECONDS }),
  }
  return withRing(document, { keys: [...ring.keys, key] })
}

export function withReservation(
  document: IssuerDocument,
  reservation: Reservation,
): IssuerDocument {
  return withRing(document, { reservation })
}

/** The reserved key in its place. */
export function withReservedKey(
  document: IssuerDocument,
  reservation: Reservation,
  created: CreatedKey,
  now: number,
): IssuerDocument {
  return withNewKey(withReservationDropped(document), reservation, created, now)
}

/** Without the reservation of a key of which nothing was made. */
export function withReservationDropped(document: IssuerDocument): IssuerDocument {
  const { reservation: _, ...ring } = document.ring
  return { ...document, ring }
}

/** Without the reservation, whose key may have been made. */
export function withoutReservation(document: IssuerDocument, now: number): IssuerDocument {
  const { reservation, leftovers } = document.ring
  if (reservation === undefined) return document
  return withRing(withReservationDropped(document), {
    leftovers: [...leftovers, unmadeLeftover(reservation, now)],
  })
}

function withMoments(
  document: IssuerDocument,
  kid: string,
  moments: Partial<Pick<KeyRecord, 'firstSeenAt' | 'activatesAt'>>,
): IssuerDocument {
  const keys = document.ring.keys.map((key) => (key.kid === kid ? { ...key, ...moments } : key))
  return withRing(document, { keys })
}

function withoutKey(document: IssuerDocument, kid: string, now: number): IssuerDocument {
  const { keys, former, leftovers } = document.ring
  const leaving = keys.filter((key) => key.kid === kid)
  return withRing(document, {
    keys: keys.filter((key) => key.kid !== kid),
    former: withinLimit([...former, ...leaving.map(formerKeyOf)]),
    leftovers: [...leftovers, ...leaving.flatMap((key) => leftoverOf(key, now))],
  })
}

function isLimited({ origin, revokedAt }: FormerKey): boolean {
  return origin === 'own' && revokedAt === undefined
}

/** Without the oldest of our own where they are too many; a revoked key is remembered for ever. */
function withinLimit(former: readonly FormerKey[]): FormerKey[] {
  let excess = former.filter(isLimited).length - FORMER_OWN_KEYS_MAX
  return former.filter((key) => {
    if (excess <= 0 || !isLimited(key)) return true
    excess -= 1
    return false
  })
}

/** The `kid` of a key of our own is its fingerprint. */
function formerKeyOf({ kid, revokedAt }: KeyRecord): FormerKey {
  const former = { kid, fingerprint: kid, origin: 'own' as const }
  return revokedAt === undefined ? former : { ...former, revokedAt }
}

function withSeenPolicy(document: IssuerDocument, seenAt: number): IssuerDocument {
  const { settling } = document
  return settling === undefined ? document : { ...document, settling: { ...settling, seenAt } }
}

function withRing(document: IssuerDocument, ring: Partial<KeyRing>): IssuerDocument {
  return { ...document, ring: { ...document.ring, ...ring } }
}
