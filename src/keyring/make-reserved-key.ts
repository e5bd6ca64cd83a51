/**
 * A key that is kept where it is made: reserved in the ring, then made, then written into the ring.
 *
 * Whatever happens in between, the ring knows the slot: by its reservation, or as a leftover for the sweep.
 */

import { Fault } from '../errors.ts'
import { nextRevision } from '../issuers/issuer-changes.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { Reservation } from '../issuers/key-record.ts'
import { ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import type { CreatedKey } from '../signers/key-manager.ts'
import { withoutReservation, withReservationDropped, withReservedKey } from './changed-ring.ts'
import { overtaken } from './overtaken.ts'
import type { RotationDeps } from './rotation-deps.ts'

export interface MadeKey {
  readonly document: IssuerDocument
  readonly kid: string
}

/** `reservation`: is written. Rejects with the faults of keys and of storage. */
export async function makeReservedKey(
  deps: RotationDeps,
  id: string,
  reservation: Reservation,
): Promise<MadeKey> {
  const created = await createKey(deps, id, reservation).catch(async (error: unknown) => {
    await giveUp(deps, id, reservation, error)
    throw error
  })
  const document = await changeReserved(deps, id, reservation, (loaded, now) =>
    withReservedKey(loaded, reservation, created, now),
  )
  if (document !== undefined) return { document, kid: created.kid }
  throw new Fault(
    'rotation_unavailable',
    `a key of issuer ${id} took too long to be made, and its place was given up: the next sweep has it deleted`,
  )
}

function createKey(
  { keyManagers }: RotationDeps,
  issuerId: string,
  { slot, alg, custody }: Reservation,
): Promise<CreatedKey> {
  return keyManagers.of(custody).create({ issuerId, slot, alg })
}

/** So that the next run need not wait until the reservation lapses. */
async function giveUp(
  deps: RotationDeps,
  id: string,
  reservation: Reservation,
  cause: unknown,
): Promise<void> {
  const isUnmade = cause instanceof Fault && cause.hadNoEffect
  try {
    await changeReserved(
      deps,
      id,
      reservation,
      isUnmade ? withReservationDropped : withoutReservation,
    )
  } catch (error) {
    // It lapses by itself; what counts is why no key was made.
    if (!(error instanceof Fault)) throw error
  }
}

/** `undefined` where neither the reservation is there any more nor its key. */
async function changeReserved(
  { issuers, clock }: RotationDeps,
  id: string,
  { slot }: Reservation,
  change: (document: IssuerDocument, now: number) => IssuerDocument,
): Promise<IssuerDocument | undefined> {
  for (let attempt = 1; attempt <= ROTATION_ATTEMPTS_MAX; attempt += 1) {
    const loaded = await issuers.load(id)
    if (loaded?.stored.kind !== 'issuer') return undefined
    const { stored, etag } = loaded
    // Written before, by a write whose answer was lost and on which others have built.
    if (stored.ring.keys.some((key) => key.slot === slot)) return stored
    if (stored.ring.reservation?.slot !== slot) return undefined
    const now = clock.now()
    const changed = change(nextRevision(stored, now), now)
    if ((await issuers.replace({ stored, etag }, changed)) === 'written') return changed
  }
  throw overtaken(id)
}
