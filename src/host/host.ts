/**
 * What a runtime hands its requests to.
 */

import type { KeepAlive } from '../reading/storage-flights.ts'

export interface Host {
  /** `keepAlive`: see `reading/storage-flights.ts`. */
  fetch(request: Request, keepAlive?: KeepAlive): Response | Promise<Response>
}
