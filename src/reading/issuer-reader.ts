/**
 * The read path of the public documents: storage behind a copy in memory.
 *
 * A copy is served for some seconds without asking. Then storage is asked, once at a time; while it does not answer,
 * answers late, or with what cannot be, the last good copy is served for a stated time. A reader never goes back a
 * version, and never keeps a failure.
 */

import type { Clock } from '../clock.ts'
import { type Deadline, timerDeadline } from '../deadline.ts'
import type { PublicCopy } from '../issuers/issuer-document.ts'
import { canBeLocation, type IssuerLocation, locationOf } from '../locations/issuer-location.ts'
import {
  LAST_GOOD_SECONDS,
  MEMORY_COPY_SECONDS,
  RETRY_AFTER_SECONDS,
  SLOW_STORAGE_MS,
  STORAGE_WAIT_MS,
} from '../limits.ts'
import type { Log } from '../log.ts'
import { type KnownCopy, knownCopies } from './known-copies.ts'
import type { PublicIssuers } from './public-issuers.ts'
import { type KeepAlive, storageFlights } from './storage-flights.ts'
import { storageInquiry } from './storage-inquiry.ts'
import { vacantLocations } from './vacant-locations.ts'

export interface ReadCopy {
  readonly copy: PublicCopy
  /** When storage last confirmed it. */
  readonly confirmedAt: number
  /** Until when it is served although storage does not confirm it; absent while storage does. */
  readonly lastGoodUntil?: number
}

export interface ReadOptions {
  /** For storage, where nothing is known. Default: as long as a relying party waits. */
  readonly waitMilliseconds?: number
  /** Default: whoever began a read may end it. */
  readonly keepAlive?: KeepAlive | undefined
}

export interface IssuerReader {
  /**
   * Rejects with faults `storage_unavailable` and `document_corrupt` where there is no last good copy.
   */
  read(location: IssuerLocation, options?: ReadOptions): Promise<ReadCopy | undefined>
  /** What is in memory and served without asking, if it is. */
  readFromMemory(location: IssuerLocation, now: number): PublicCopy | undefined
  /** Since when storage does not answer; `undefined` once it did. */
  failingSince(): number | undefined
  /** Has storage asked at the next read: this instance changed the issuer. */
  refresh(issuer: string): void
}

export interface IssuerReaderOptions {
  readonly issuers: PublicIssuers
  readonly clock: Clock
  readonly log: Log
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

export function issuerReader(options: IssuerReaderOptions): IssuerReader {
  const { issuers, clock, log, deadline = timerDeadline } = options
  const known = knownCopies()
  const vacant = vacantLocations()
  const inquiry = storageInquiry({ issuers, known, vacant, clock, log })
  const flights = storageFlights(inquiry, deadline)

  /** Leaves storage in peace for a while. */
  function serveLastGood(location: IssuerLocation, lastGood: KnownCopy): ReadCopy {
    const askAgainAt = Math.min(clock.now() + RETRY_AFTER_SECONDS, lastGoodEnd(lastGood))
    const kept = { ...lastGood, askAgainAt, isLastGood: true }
    known.set(location, kept)
    return served(kept)
  }

  return {
    failingSince: () => inquiry.failingSince(),
    readFromMemory: (location, now) => {
      const before = known.get(location)
      return before !== undefined && now < before.askAgainAt ? before.copy : undefined
    },
    refresh: (issuer) => {
      const location = locationOf(issuer)
      const before = known.get(location)
      inquiry.noteChange()
      flights.forget(location)
      if (before !== undefined) known.set(location, { ...before, askAgainAt: -Infinity })
      vacant.delete(location)
    },
    read: async (location, { waitMilliseconds = STORAGE_WAIT_MS, keepAlive } = {}) => {
      const now = clock.now()
      const before = known.get(location)
      if (before !== undefined && now < before.askAgainAt) return served(before)
      // What was known cannot be vacant: a deleted issuer leaves a tombstone.
      if (before === undefined && (!canBeLocation(location) || vacant.has(location, now))) {
        return undefined
      }
      const isGood = before !== undefined && now < lastGoodEnd(before)
      const wait = isGood ? SLOW_STORAGE_MS : waitMilliseconds
      const answer = await flights.ask(location, wait, keepAlive)
      if (answer.type === 'found') return served(answer.known)
      const latest = known.get(location)
      // Another read may have brought it while this one came to nothing.
      if (latest !== undefined && now < latest.askAgainAt) return served(latest)
      if (latest !== undefined && now < lastGoodEnd(latest)) return serveLastGood(location, latest)
      if (answer.type === 'failed') throw answer.error
      return undefined
    },
  }
}

function served(known: KnownCopy): ReadCopy {
  const { copy, confirmedAt, isLastGood } = known
  return { copy, confirmedAt, ...(isLastGood ? { lastGoodUntil: lastGoodEnd(known) } : {}) }
}

function lastGoodEnd({ confirmedAt }: KnownCopy): number {
  return confirmedAt + MEMORY_COPY_SECONDS + LAST_GOOD_SECONDS
}
