/**
 * A rotation of every issuer. What fails for one is logged, and the others go on.
 */

import type { Rotation } from '../keyring/rotation.ts'
import type { RotationReport } from '../keyring/rotation-report.ts'
import type { Log } from '../log.ts'
import { failureFields } from './failure-fields.ts'
import { forEachIssuer, type Walk } from './for-each-issuer.ts'

export interface RotateAllDeps extends Walk {
  readonly rotation: Pick<Rotation, 'run'>
  readonly log: Log
}

/** How many issuers; deleted ones are none. */
export interface RotationRun {
  readonly issuers: number
  readonly changed: number
  /** Something of theirs is due and does not happen yet. */
  readonly waiting: number
  readonly failed: number
  /** Documents that were not reached, for want of time or of storage: the next runs begin elsewhere. */
  readonly unvisited: number
  /** The earliest moment at which a ring changes or should. */
  readonly nextDueAt?: number
}

/** Rejects with fault `storage_unavailable` when it cannot be told which issuers there are. */
export async function rotateAll({ rotation, log, ...walk }: RotateAllDeps): Promise<RotationRun> {
  const reports: RotationReport[] = []
  let failed = 0
  const unvisited = await forEachIssuer(walk, async (id) => {
    try {
      const report = await rotation.run(id)
      if (report !== undefined) reports.push(report)
      return undefined
    } catch (error) {
      failed += 1
      const failure = failureFields(error)
      log('error', 'rotation_failed', { issuer: id, ...failure })
      return failure.code
    }
  })
  const run = summary(reports, { failed, unvisited })
  log(failed + unvisited > 0 ? 'warn' : 'info', 'rotation_run', { ...run })
  return run
}

function summary(
  reports: readonly RotationReport[],
  { failed, unvisited }: Pick<RotationRun, 'failed' | 'unvisited'>,
): RotationRun {
  const moments = reports.flatMap(({ nextMoment }) => nextMoment?.at ?? [])
  const nextDueAt = moments.reduce((earliest, at) => Math.min(earliest, at), Infinity)
  return {
    issuers: reports.length + failed,
    changed: reports.filter(({ actions }) => actions.length > 0).length,
    waiting: reports.filter(({ waits }) => waits.length > 0).length,
    failed,
    unvisited,
    ...(moments.length === 0 ? {} : { nextDueAt }),
  }
}
