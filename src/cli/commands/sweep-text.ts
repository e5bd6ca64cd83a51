/**
 * What a sweep did or would do, as people read it.
 */

import { CliError, EXIT } from '../exit.ts'
import type { SweepAnswer, SweepEntryAnswer } from '../host/rotation-answers.ts'
import { formatMoment } from '../moments.ts'
import { table } from '../output.ts'
import { shellWord } from '../shell-word.ts'

/** `undefined` where nothing is left over. */
export function sweepTable(reports: readonly SweepAnswer[], now: number): string | undefined {
  const rows = reports.flatMap(({ id, dryRun, entries }) =>
    entries.map((entry) => [
      id,
      entry.slot,
      entry.kid ?? '(never in the ring)',
      entry.custody,
      formatMoment(entry.forgottenAt, now),
      outcomeText(entry, dryRun, now),
    ]),
  )
  if (rows.length === 0) return undefined
  return table(['ISSUER', 'SLOT', 'KID', 'CUSTODY', 'FORGOTTEN', 'WHAT BECOMES OF IT'], rows)
}

interface SweepContext {
  /** The options that name the installation, with a space before each. */
  readonly target: string
  /** Of an issuer that failed nobody knows what is left over. */
  readonly isComplete: boolean
}

export function sweepSentences(
  reports: readonly SweepAnswer[],
  { target, isComplete }: SweepContext,
): string[] {
  const entries = reports.flatMap(({ id, entries: own }) => own.map((entry) => ({ id, entry })))
  if (reports.length > 0 && entries.length === 0) {
    if (!isComplete) return []
    return ['Nothing is left over: no key is kept that its ring has forgotten.']
  }
  const ordered = entries.find(({ entry }) => entry.outcome === 'deletion_scheduled')
  if (ordered === undefined) return []
  const { id, entry } = ordered
  return [
    `Until it is deleted, a key can be taken back: npx signet keys sweep ${shellWord(id)} --take-back ${shellWord(entry.slot)}${target}`,
  ]
}

export function throwIfSweepFailed(reports: readonly SweepAnswer[]): void {
  const failed = reports.flatMap(({ entries }) =>
    entries.filter(({ outcome }) => outcome === 'failed'),
  )
  if (failed.length === 0) return
  throw new CliError(
    EXIT.refused,
    `${failed.length === 1 ? '1 key' : `${failed.length} keys`} could not be swept: the next sweep tries again`,
  )
}

function outcomeText(entry: SweepEntryAnswer, dryRun: boolean, now: number): string {
  switch (entry.outcome) {
    case 'waits':
      return `nothing before ${formatMoment(entry.until, now)}`
    case 'deletion_scheduled': {
      const when = `deleted ${formatMoment(entry.deletedAt, now)}`
      if (!entry.isNew) return `is to be ${when}`
      return dryRun ? `would be ${when}` : `ordered to be ${when}`
    }
    case 'gone':
      return dryRun
        ? 'would be forgotten for good: there is no key any more'
        : 'forgotten for good: there is no key any more'
    case 'kept':
      if (!entry.isNew) return 'kept, since its deletion was taken back'
      return dryRun ? 'would be kept' : 'kept: its deletion is taken back'
    case 'failed':
      return `failed (${entry.code})`
  }
}
