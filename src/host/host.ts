/**
 * What a runtime hands its requests to.
 */

import type { JobName } from '../jobs/run-job.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'

export interface Host {
  /** `keepAlive`: see `reading/storage-flights.ts`. */
  fetch(request: Request, keepAlive?: KeepAlive): Response | Promise<Response>
}

/** One that makes its keys itself, and so has jobs as well. */
export interface WholeHost extends Host {
  /** Runs a job for all issuers. Rejects with a `JobFailure`; the log says why. */
  scheduled(job: JobName): Promise<void>
}
