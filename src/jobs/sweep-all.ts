/**
 * A sweep of every issuer, deleted ones too. What fails for one is logged, and the others go on.
 */

import type { Rotation } from '../keyring/rotation.ts'
import type { SweepEntry } from '../keyring/sweep-report.ts'
import type { Log } from '../log.ts'
import { failureFields } from './failure-fields.ts'
import { forEachIssuer, type Walk } from './for-each-issuer.ts'

export interface SweepAllDeps extends Walk {
  readonly rotation: Pick<Rotation, 'sweep'>
  readonly log: Log
}

export interface SweepRun {
  /** Those of which something is kept that their rings have forgotten, and those that failed. */
  readonly issuers: number
  /** Things that were told to be deleted, and things that are not there any more. */
  readonly scheduled: number
  readonly gone: number
  /** Issuers of which something failed. */
  readonly failed: number
  /** Documents that were not reached, for want of time or of storage: the next runs begin elsewhere. */
  readonly unvisited: number
}

/** Rejects with fault `storage_unavailable` when it cannot be told which issuers there are. */
export async function sweepAll({ rotation, log, ...walk }: SweepAllDeps): Promise<SweepRun> {
  const swept: (readonly SweepEntry[])[] = []
  let failedWhole = 0
  const unvisited = await forEachIssuer(walk, async (id) => {
    try {
      const { entries = [] } = (await rotation.sweep(id)) ?? {}
      if (entries.length > 0) swept.push(entries)
      return undefined
    } catch (error) {
      failedWhole += 1
      const failure = failureFields(error)
      log('error', 'sweep_failed', { issuer: id, ...failure })
      return failure.code
    }
  })
  const entries = swept.flat()
  const run: SweepRun = {
    issuers: swept.length + failedWhole,
    scheduled: entries.filter((each) => each.outcome === 'deletion_scheduled' && each.isNew).length,
    gone: entries.filter(({ outcome }) => outcome === 'gone').length,
    failed: failedWhole + swept.filter(hasFailure).length,
    unvisited,
  }
  log(run.failed + unvisited > 0 ? 'warn' : 'info', 'sweep_run', { ...run })
  return run
}

function hasFailure(entries: readonly SweepEntry[]): boolean {
  return entries.some(({ outcome }) => outcome === 'failed')
}
