/**
 * What a host is whose configuration was refused: it says so in its log, and to everyone that it is not there yet.
 */

import { newApp } from '../http/new-app.ts'
import { errorResponse } from '../http/errors.ts'
import { JobFailure } from '../jobs/run-job.ts'
import type { Log } from '../log.ts'
import type { WholeHost } from './host.ts'

export function misconfiguredHost(problems: readonly string[], log: Log): WholeHost {
  for (const problem of problems) log('error', 'configuration_refused', { problem })
  const app = newApp()
  app.all('*', (c) =>
    errorResponse(
      c,
      503,
      'misconfigured',
      'this host is not configured; its log says what is missing',
    ),
  )
  return {
    fetch: (request) => app.fetch(request),
    scheduled: async () => {
      throw new JobFailure('this host is not configured: its log says what is missing')
    },
  }
}
