/**
 * A job as a schedule runs it: done, or failed so that the schedule's own alarms, retries and queues hear of it.
 */

import { failureFields } from './failure-fields.ts'
import { rotateAll, type RotateAllDeps, type RotationRun } from './rotate-all.ts'
import { sweepAll, type SweepAllDeps, type SweepRun } from './sweep-all.ts'

export const JOB_NAMES = ['rotate', 'sweep'] as const
export type JobName = (typeof JOB_NAMES)[number]

export type JobDeps = RotateAllDeps & SweepAllDeps

/** Has counts and names of ours alone: where it is shown nobody knows. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure'
}

/** Safe twice, late, and beside another run. Rejects with `JobFailure`, at its end where issuers failed; the log says why. */
export async function runJob(deps: JobDeps, name: JobName): Promise<RotationRun | SweepRun> {
  const run = await begun(deps, name)
  if (run.failed === 0) return run
  throw new JobFailure(
    `the job "${name}" failed for ${run.failed} of ${run.issuers} issuers: the log names them`,
  )
}

async function begun(deps: JobDeps, name: JobName): Promise<RotationRun | SweepRun> {
  try {
    return await (name === 'rotate' ? rotateAll(deps) : sweepAll(deps))
  } catch (error) {
    const fields = failureFields(error)
    deps.log('error', 'job_failed', { job: name, ...fields })
    // Without its cause, which a runtime might print.
    throw new JobFailure(`the job "${name}" failed (${fields.code}): the log says why`)
  }
}
