/**
 * One read of a thing at a time: whoever asks during it waits for the same answer.
 *
 * A read may never end: a runtime drops it together with the request that began it. So nobody waits for somebody else's
 * for long, and whoever waited in vain reads for himself.
 */

import { type Deadline, endsWithin } from '../deadline.ts'

export interface SingleFlight<K, T> {
  /**
   * Resolves to `'late'` when the answer takes longer; what comes later is not lost if `read` keeps it. To `'others_late'`
   * when a read that somebody else began took all the time: another one is then under way.
   */
  answerOf(
    key: K,
    read: () => Promise<T>,
    waitMilliseconds: number,
  ): Promise<T | 'late' | 'others_late'>
  /** Whoever asks from now on begins anew. */
  forget(key: K): void
}

export interface SingleFlightOptions {
  readonly deadline: Deadline
  /** The longest wait for a read that somebody else began. */
  readonly patienceMilliseconds: number
}

/** `read` must not reject. */
export function singleFlight<K, T>(options: SingleFlightOptions): SingleFlight<K, T> {
  const { deadline, patienceMilliseconds } = options
  const flights = new Map<K, Promise<T>>()

  function land(key: K, flight: Promise<T>): void {
    if (flights.get(key) === flight) flights.delete(key)
  }

  function begin(key: K, read: () => Promise<T>): Promise<T> {
    const flight = read()
    flights.set(key, flight)
    void flight.finally(() => land(key, flight))
    return flight
  }

  async function waitFor(key: K, flight: Promise<T>, milliseconds: number): Promise<T | 'late'> {
    if (await endsWithin(milliseconds, flight, deadline)) return flight
    // Whoever comes next begins anew.
    land(key, flight)
    return 'late'
  }

  return {
    forget: (key) => void flights.delete(key),
    answerOf: async (key, read, waitMilliseconds) => {
      const others = flights.get(key)
      if (others === undefined) return waitFor(key, begin(key, read), waitMilliseconds)
      const patience = Math.min(patienceMilliseconds, waitMilliseconds)
      const answer = await waitFor(key, others, patience)
      if (answer !== 'late') return answer
      // Of many who waited in vain one reads, and the others wait for that one.
      const next = flights.get(key) ?? begin(key, read)
      const rest = waitMilliseconds - patience
      return rest === 0 ? 'others_late' : waitFor(key, next, rest)
    },
  }
}
