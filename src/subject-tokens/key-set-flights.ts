/**
 * Fetches of remote key sets: one of a set at a time, and nobody depends on somebody else's for long.
 *
 * A fetch may never end: a runtime may drop it together with the request that began it. So whoever waited for others in
 * vain fetches for himself in the end, however many others went away.
 */

import type { Clock } from '../clock.ts'
import { type Deadline, endsWithin } from '../deadline.ts'
import { SLOW_STORAGE_MS, SUBJECT_ISSUER_MS_MAX } from '../limits.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'

export interface KeySetFlights {
  /** Until something is known anew, or no fetch is due. */
  wait(id: string, refresh: Refresh): Promise<void>
  /** As `wait`, for somebody who has something to go on with: not much longer than a fetch takes that goes well. */
  waitBriefly(id: string, refresh: Refresh): Promise<void>
}

export interface Refresh {
  readonly isDue: () => boolean
  /** Ends by itself, and must not reject. */
  readonly fetch: () => Promise<void>
  readonly keepAlive: KeepAlive | undefined
}

export interface KeySetFlightsOptions {
  readonly clock: Clock
  readonly deadline: Deadline
}

interface Flight {
  readonly work: Promise<void>
  readonly begunAt: number
}

/** For how long a first fetch of somebody else is waited for, and a second one. */
const OTHERS_PATIENCE_MS = [2000, 1000] as const
const BRIEFLY_MS = SLOW_STORAGE_MS
/** A fetch is over after this long, if it is not dead. */
const FLIGHT_SECONDS_MAX = SUBJECT_ISSUER_MS_MAX / 1000 + 1

export function keySetFlights({ clock, deadline }: KeySetFlightsOptions): KeySetFlights {
  const flights = new Map<string, Flight>()

  function land(id: string, flight: Flight): void {
    if (flights.get(id) === flight) flights.delete(id)
  }

  async function begin(id: string, { isDue, fetch, keepAlive }: Refresh): Promise<void> {
    if (!isDue()) return
    const flight = { work: fetch(), begunAt: clock.now() }
    flights.set(id, flight)
    keepAlive?.(flight.work)
    await flight.work.finally(() => land(id, flight))
  }

  return {
    wait: async (id, refresh) => {
      for (const patience of OTHERS_PATIENCE_MS) {
        const others = flights.get(id)
        if (others === undefined) break
        if (await endsWithin(patience, others.work, deadline)) return
        // Of many who waited in vain one fetches, and the others wait for that one.
        land(id, others)
      }
      await begin(id, refresh)
    },
    waitBriefly: async (id, refresh) => {
      const others = flights.get(id)
      const age = others && clock.now() - others.begunAt
      if (others === undefined || age === undefined || age < 0 || age > FLIGHT_SECONDS_MAX) {
        await endsWithin(BRIEFLY_MS, begin(id, refresh), deadline)
      } else if (age * 1000 <= BRIEFLY_MS) {
        await endsWithin(BRIEFLY_MS, others.work, deadline)
      }
    },
  }
}
