/**
 * Asking storage once at a time and for a bounded time: a read that takes too long has failed for whoever waits.
 */

import type { Deadline } from '../deadline.ts'
import { Fault } from '../errors.ts'
import type { IssuerLocation } from '../locations/issuer-location.ts'
import { SLOW_STORAGE_MS } from '../limits.ts'
import { singleFlight } from './single-flight.ts'
import type { StorageAnswer, StorageInquiry } from './storage-inquiry.ts'

/**
 * Has the runtime finish `work` also when the request is over that began it: without that, a client that hangs up would end
 * a read that others wait for.
 */
export type KeepAlive = (work: Promise<unknown>) => void

export interface StorageFlights {
  ask(
    location: IssuerLocation,
    waitMilliseconds: number,
    keepAlive?: KeepAlive,
  ): Promise<StorageAnswer>
  /** Whoever asks from now on begins anew. */
  forget(location: IssuerLocation): void
}

export function storageFlights(inquiry: StorageInquiry, deadline: Deadline): StorageFlights {
  const flights = singleFlight<IssuerLocation, StorageAnswer>({
    deadline,
    patienceMilliseconds: SLOW_STORAGE_MS,
  })
  return {
    forget: (location) => flights.forget(location),
    ask: async (location, waitMilliseconds, keepAlive = () => {}) => {
      function begin(): Promise<StorageAnswer> {
        const work = inquiry.ask(location)
        keepAlive(work)
        return work
      }
      const answer = await flights.answerOf(location, begin, waitMilliseconds)
      if (answer !== 'late' && answer !== 'others_late') return answer
      const error = new Fault('storage_unavailable', `no answer within ${waitMilliseconds} ms`)
      // Of a read that somebody else began, and that may have ended with him, it says nothing of storage.
      if (answer === 'late') inquiry.noteFailure(error)
      return { type: 'failed', error }
    },
  }
}
