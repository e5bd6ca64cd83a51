/**
 * What a sweep did, or would do, with each thing that a ring has forgotten: for whoever asked for it. Nothing in it is secret.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { FaultCode } from '../errors.ts'
import type { Leftover } from '../issuers/key-record.ts'
import type { Log } from '../log.ts'
import type { KeyCustody } from '../signers/key-manager.ts'

export type SweepOutcome =
  /** Forgotten less than a day ago. */
  | { readonly outcome: 'waits'; readonly until: number }
  /** Told to be deleted, which can be taken back until then. `isNew`: by this sweep. */
  | {
      readonly outcome: 'deletion_scheduled'
      readonly deletedAt: number
      readonly isNew: boolean
    }
  /** No key was made, or it is deleted: the ring need not remember it any more. */
  | { readonly outcome: 'gone' }
  /** Its deletion was taken back, so that no sweep touches it. `isNew`: by this one. */
  | { readonly outcome: 'kept'; readonly isNew: boolean }
  /** The next sweep tries again. */
  | { readonly outcome: 'failed'; readonly code: FaultCode }

export type SweepEntry = SweepOutcome & {
  readonly slot: string
  readonly alg: SigningAlgorithm
  readonly custody: KeyCustody
  readonly forgottenAt: number
  /** Of a key that was in the ring. */
  readonly kid?: string
}

export interface SweepReport {
  readonly id: string
  readonly dryRun: boolean
  readonly entries: readonly SweepEntry[]
}

export function sweepEntry(
  { slot, alg, custody, forgottenAt, kid }: Leftover,
  outcome: SweepOutcome,
): SweepEntry {
  const place = { slot, alg, custody, forgottenAt }
  return kid === undefined ? { ...place, ...outcome } : { ...place, kid, ...outcome }
}

/** What was done; what waits is said by the report alone. */
export function logSweep(log: Log, { id: issuer, dryRun, entries }: SweepReport): void {
  if (dryRun) return
  for (const entry of entries) {
    const { slot, outcome } = entry
    if (outcome === 'failed') log('error', 'sweep_failed', { issuer, slot, code: entry.code })
    else if (outcome === 'gone' || (outcome !== 'waits' && entry.isNew)) {
      log('info', 'swept', { issuer, slot, outcome })
    }
  }
}
