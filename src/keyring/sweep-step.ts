/**
 * Whose turn it is in a sweep, decided from what the document remembers and the time.
 */

import type { Leftover } from '../issuers/key-record.ts'
import { DELETION_WINDOW_DAYS, SWEEP_AFTER_SECONDS } from '../limits.ts'
import type { SweepOutcome } from './sweep-report.ts'

const DAY_SECONDS = 86_400

export function deletedAtOf({
  scheduledAt,
  windowDays,
}: NonNullable<Leftover['deletion']>): number {
  return scheduledAt + windowDays * DAY_SECONDS
}

/** `due`: it is to be deleted. */
export function sweepStep(
  { forgottenAt, deletion, keptAt }: Leftover,
  now: number,
): SweepOutcome | { readonly outcome: 'due' } {
  if (keptAt !== undefined) return { outcome: 'kept', isNew: false }
  if (deletion !== undefined) {
    const deletedAt = deletedAtOf(deletion)
    if (now >= deletedAt) return { outcome: 'gone' }
    return { outcome: 'deletion_scheduled', deletedAt, isNew: false }
  }
  const until = forgottenAt + SWEEP_AFTER_SECONDS
  return now < until ? { outcome: 'waits', until } : { outcome: 'due' }
}

/**
 * Whether a sweep may have had it deleted, and its longest window be over since. A key that is not found earlier is somewhere
 * else, as after a change of the region.
 */
export function mayBeDeleted({ forgottenAt }: Leftover, now: number): boolean {
  return now >= forgottenAt + SWEEP_AFTER_SECONDS + DELETION_WINDOW_DAYS.max * DAY_SECONDS
}

/** Whether it is to be deleted, and has to be found first. */
export function isKeyWanted(leftover: Leftover, now: number): boolean {
  return leftover.keyRef === undefined && sweepStep(leftover, now).outcome === 'due'
}
