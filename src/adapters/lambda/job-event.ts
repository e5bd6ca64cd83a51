/**
 * Which job an event asks for: our own `{"version": 1, "job": …}`, which a schedule is given as its input, or what Amazon
 * EventBridge sends of a schedule that was given none.
 */

import * as z from 'zod/mini'
import { JOB_NAMES, type JobName } from '../../jobs/run-job.ts'

const jobRequest = z.strictObject({ version: z.literal(1), job: z.enum(JOB_NAMES) })
/** Not ours: who wrote that in wants something else than the default. */
const absent = z.optional(z.never())
const scheduledEvent = z.object({
  'detail-type': z.literal('Scheduled Event'),
  job: absent,
  issuer: absent,
  sweep: absent,
  publish: absent,
})

/** `undefined` for any other event. A schedule that does not say rotates. */
export function jobOfEvent(event: unknown): JobName | undefined {
  const asked = jobRequest.safeParse(event).data
  if (asked !== undefined) return asked.job
  return scheduledEvent.safeParse(event).success ? 'rotate' : undefined
}
