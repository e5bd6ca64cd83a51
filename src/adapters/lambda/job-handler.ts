/**
 * The handler of the function that rotates: questions of the function that writes documents, and schedules.
 *
 * AWS prints what a function rejects with and tells it to whoever invoked it, so that has words of ours alone.
 */

import { type Clock, systemClock } from '../../clock.ts'
import { errorName } from '../../errors.ts'
import { JobFailure, type JobName } from '../../jobs/run-job.ts'
import type { Rotation } from '../../keyring/rotation.ts'
import type { Log } from '../../log.ts'
import { answerQuestion, parseQuestion } from '../rotation/rotation-messages.ts'
import { jobOfEvent } from './job-event.ts'

export interface JobHandlerOptions {
  readonly rotation: Pick<Rotation, 'run' | 'sweep' | 'publish'>
  /** Resolves to what is answered. Rejects with `JobFailure`. */
  readonly runJob: (name: JobName) => Promise<unknown>
  readonly log: Log
  /** Default: the runtime's. */
  readonly clock?: Clock
}

export type JobHandler = (event: unknown) => Promise<unknown>

export function jobHandler({
  rotation,
  runJob,
  log,
  clock = systemClock,
}: JobHandlerOptions): JobHandler {
  /** What the event asks for; `undefined` where it is none of ours. */
  function workOf(event: unknown): (() => Promise<unknown>) | undefined {
    const question = parseQuestion(event)
    if (question !== undefined) return () => answerQuestion(question, { rotation, clock, log })
    const job = jobOfEvent(event)
    return job && (() => runJob(job))
  }

  return async function handler(event) {
    const work = workOf(event)
    if (work === undefined) throw new TypeError(NO_EVENT)
    try {
      return await work()
    } catch (error) {
      if (error instanceof JobFailure) throw error
      log('error', 'request_failed', { code: 'internal', cause: errorName(error) })
      throw new JobFailure('what was asked for could not be completed: the log says why')
    }
  }
}

const NO_EVENT =
  'a rotation takes {"version": 1, "job": "rotate" or "sweep"}, or a question for one issuer, got something else'

/** Of a function whose configuration was refused: it says so in its log, and does nothing. */
export function misconfiguredJobHandler(problems: readonly string[], log: Log): JobHandler {
  for (const problem of problems) log('error', 'configuration_refused', { problem })
  return async () => {
    throw new JobFailure('this function is not configured: its log says what is missing')
  }
}
