/**
 * Which key a ring lacks: its first, or the successor that always stands by.
 */

import { ALGORITHMS } from '../crypto/algorithms.ts'
import { hasEverPublished } from '../issuers/ever-published.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { Leftover, Reservation } from '../issuers/key-record.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import {
  CLOCK_SKEW_SECONDS,
  PUBLISHED_KEYS_MAX,
  RESERVATION_SECONDS,
  UNKNOWN_LEFTOVERS_MAX,
  UNKNOWN_LEFTOVERS_PAUSE_SECONDS,
} from '../limits.ts'
import { isKeptElsewhere } from '../signers/kept-elsewhere.ts'
import type { KeyCustody } from '../signers/key-manager.ts'
import { isWithoutSigner, wantedSuccessor } from './hand-over.ts'
import { activeKey } from './key-status.ts'
import type { RotationEvidence } from './rotation-evidence.ts'
import { publishedRing } from './published-ring.ts'
import type { CreateReason, RotationAction, RotationPlan } from './rotation-plan.ts'

const NOTHING: RotationPlan = { actions: [], waits: [] }

export function planCreation(
  document: IssuerDocument,
  evidence: RotationEvidence,
  now: number,
): RotationPlan {
  const { policy, ring } = document
  const { reservation } = ring
  if (reservation !== undefined && isBeingMade(reservation, now)) {
    const until = reservation.reservedAt + RESERVATION_SECONDS
    return { actions: [], waits: [{ reason: 'key_being_made', until }] }
  }
  const abandoned: RotationAction[] =
    reservation === undefined ? [] : [{ type: 'abandon', slot: reservation.slot }]
  if (policy.custody === 'none' || !lacksKey(document, now)) {
    return { ...NOTHING, actions: abandoned }
  }
  const { kty } = ALGORITHMS[policy.algorithm]
  if (isSetFull(document, kty, evidence, now)) {
    return { actions: abandoned, waits: [{ reason: 'key_set_full', keyType: kty }] }
  }
  const action = creation(document, policy.custody, now)
  // Also those that were found and are to be deleted: or as many would be made anew each day.
  const unknown = ring.leftovers.filter(({ kid }) => kid === undefined)
  if (isKeptElsewhere(policy.custody) && isTooMany(unknown, action.reason, now)) {
    const count = unknown.length
    return { actions: abandoned, waits: [{ reason: 'too_many_leftovers', count }] }
  }
  return { actions: [...abandoned, action], waits: [] }
}

/** One of a clock that is ahead of every host's is nobody's any more: it would not lapse for as long as that clock was ahead. */
function isBeingMade({ reservedAt }: Reservation, now: number): boolean {
  return now < reservedAt + RESERVATION_SECONDS && reservedAt <= now + 2 * CLOCK_SKEW_SECONDS
}

function isTooMany(unknown: readonly Leftover[], reason: CreateReason, now: number): boolean {
  if (unknown.length < UNKNOWN_LEFTOVERS_MAX) return false
  // One from a clock far ahead is not from just now.
  const isFromJustNow = ({ forgottenAt }: Leftover): boolean =>
    Math.abs(now - forgottenAt) < UNKNOWN_LEFTOVERS_PAUSE_SECONDS
  return reason === 'scheduled' || unknown.some(isFromJustNow)
}

/** A key of the policy's kind signs or waits: the one that signs needs another behind it. */
function lacksKey(document: IssuerDocument, now: number): boolean {
  return wantedSuccessor(document, now) === undefined
}

function creation(
  document: IssuerDocument,
  custody: KeyCustody,
  now: number,
): Extract<RotationAction, { readonly type: 'create' }> {
  const { policy, ring } = document
  return {
    type: 'create',
    reason: reasonOf(document, now),
    alg: policy.algorithm,
    custody,
    signsAtOnce: !hasEverPublished(ring),
  }
}

function reasonOf(document: IssuerDocument, now: number): CreateReason {
  if (isWithoutSigner(document, now)) return 'emergency'
  return activeKey(document.ring.keys, now) === undefined ? 'bootstrap' : 'scheduled'
}

function isSetFull(
  document: IssuerDocument,
  keyType: string,
  { bounds }: RotationEvidence,
  now: number,
): boolean {
  const published = publishedRing(document.ring, retentionInForce(document, bounds, now), now)
  const count = published.filter(({ publicJwk }) => publicJwk.kty === keyType).length
  return count >= PUBLISHED_KEYS_MAX
}
