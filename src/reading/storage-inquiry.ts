/**
 * Asking storage for one public copy, and keeping what it says: what is newest, what is not there, and since when it fails.
 */

import type { Clock } from '../clock.ts'
import { errorName, Fault } from '../errors.ts'
import type { PublicCopy } from '../issuers/issuer-document.ts'
import type { IssuerLocation } from '../locations/issuer-location.ts'
import { MEMORY_COPY_SECONDS } from '../limits.ts'
import type { Log } from '../log.ts'
import type { KnownCopies, KnownCopy } from './known-copies.ts'
import type { PublicIssuers } from './public-issuers.ts'
import type { VacantLocations } from './vacant-locations.ts'

export interface StorageInquiryOptions {
  readonly issuers: PublicIssuers
  readonly known: KnownCopies
  readonly vacant: VacantLocations
  readonly clock: Clock
  readonly log: Log
}

/** What storage said. */
export type StorageAnswer =
  | { readonly type: 'found'; readonly known: KnownCopy }
  | { readonly type: 'vacant' }
  | { readonly type: 'failed'; readonly error: unknown }

export interface StorageInquiry {
  /** Never rejects, and keeps what it learns also when nobody waits for it any more. */
  ask(location: IssuerLocation): Promise<StorageAnswer>
  noteFailure(error: unknown): void
  /** Something was changed: what is being asked for now may be of the time before, and is asked for again. */
  noteChange(): void
  /** Since when storage does not answer; `undefined` once it did. */
  failingSince(): number | undefined
}

export function storageInquiry(options: StorageInquiryOptions): StorageInquiry {
  const { issuers, known, vacant, clock, log } = options
  let failingSince: number | undefined
  let changes = 0

  /** An answer that is older than what is known says that storage is there, and nothing new of the issuer. */
  function confirm(
    location: IssuerLocation,
    copy: PublicCopy,
    { askedAt, keptSeconds }: { readonly askedAt: number; readonly keptSeconds: number },
  ): KnownCopy {
    const before = known.get(location)
    // The same object while nothing changed: what was made from it once need not be made again.
    const isNewer = before === undefined || before.copy.revision < copy.revision
    // Dated by the question, since an answer may be on its way for long; and a later question may be answered already.
    const confirmedAt = Math.max(askedAt, before?.confirmedAt ?? askedAt)
    const confirmed = {
      copy: isNewer ? copy : before.copy,
      confirmedAt,
      askAgainAt: confirmedAt + keptSeconds,
      isLastGood: false,
    }
    known.set(location, confirmed)
    return confirmed
  }
  function noteFailure(error: unknown): void {
    const isFault = error instanceof Fault
    // A document that cannot be read was at least delivered.
    const isAnswering = isFault && error.code === 'document_corrupt'
    failingSince = isAnswering ? undefined : (failingSince ?? clock.now())
    const fault = isFault ? { code: error.code, problem: error.message } : {}
    log('warn', 'storage_read_failed', { ...fault, cause: errorName(error) })
  }
  function fail(error: unknown): StorageAnswer {
    noteFailure(error)
    return { type: 'failed', error }
  }

  return {
    noteFailure,
    noteChange: () => {
      changes += 1
    },
    failingSince: () => failingSince,
    ask: async (location) => {
      const changesBefore = changes
      const askedAt = clock.now()
      try {
        const copy = await issuers.load(location)
        failingSince = undefined
        const keptSeconds = changes === changesBefore ? MEMORY_COPY_SECONDS : 0
        if (copy !== undefined) {
          return { type: 'found', known: confirm(location, copy, { askedAt, keptSeconds }) }
        }
        if (known.get(location) === undefined) {
          vacant.add(location, askedAt + keptSeconds)
          return { type: 'vacant' }
        }
        // A deleted issuer leaves a tombstone: storage has lost what it had.
        return fail(new Fault('storage_unavailable', 'storage no longer has what it had'))
      } catch (error) {
        return fail(error)
      }
    },
  }
}
