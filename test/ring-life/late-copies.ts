/**
 * Copies as they are seen elsewhere: late by the controlled clock, as late as the store declares, and not in any order.
 */

import type { DocumentReader, DocumentStore } from '../../src/storage/document-store.ts'
import { type DatedValues, datedValues, type RingClock } from './controlled-time.ts'
import type { Place } from './ring-world.ts'

export interface LateCopies {
  /** `store`, after whose writes it is noted which copies there are. */
  noting(store: DocumentStore): DocumentStore
  readerAt(place: Place): DocumentReader
}

export interface LateCopiesOptions {
  /** What has the copies. */
  readonly copies: DocumentReader
  readonly clock: RingClock
  readonly random: () => number
}

export function lateCopies({ copies, clock, random }: LateCopiesOptions): LateCopies {
  const dated: DatedValues = datedValues(clock)

  function latenessAt({ lateness }: Place): number {
    if (lateness === 'none') return 0
    return lateness === 'most'
      ? copies.stalenessSeconds
      : Math.floor(random() * copies.stalenessSeconds)
  }

  async function note(key: string): Promise<void> {
    const copy = await copies.get(key)
    if (copy !== undefined) dated.note(key, copy.body)
  }

  return {
    noting: (store) => ({
      ...store,
      put: async (...request) => {
        try {
          return await store.put(...request)
        } finally {
          // Also where nobody heard that it was written.
          await note(request[0])
        }
      },
      recopy: async (key) => {
        await store.recopy?.(key)
        await note(key)
      },
    }),
    readerAt: (place) => ({
      name: copies.name,
      stalenessSeconds: copies.stalenessSeconds,
      get: async (key) => {
        const body = dated.at(key, clock.seconds - latenessAt(place))
        return body === undefined ? undefined : { body }
      },
    }),
  }
}
