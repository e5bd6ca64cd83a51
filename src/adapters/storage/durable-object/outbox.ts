/**
 * What is still to be delivered of a document's copies, and what each outcome of a delivery leaves to do.
 *
 * Pure: `copy-delivery.ts` performs it. Moments in Unix seconds.
 */

export interface OutboxEntry {
  readonly key: string
  readonly copy: string
  /** Of the document that it is a copy of. */
  readonly etag: string
  readonly attempts: number
  /**
   * From when on no earlier delivery can still take effect. `Infinity` while none has succeeded since one was given up,
   * failed or was overtaken; absent where there was none.
   */
  readonly settledAt?: number
}

/** What stays in the outbox, and when to look at it again. */
export interface LeftToDo {
  readonly entry: OutboxEntry
  readonly wakeAt: number
}

/** The name of the value that holds the entry. */
export const OUTBOX = 'outbox'

/** KV takes one write a second and key; then doubling, so that an outage is not hammered. */
export const RETRY_SECONDS_MIN = 2
const RETRY_SECONDS_MAX = 60

/** After a success, for this long an earlier delivery may still put its old copy over the new one. */
const SETTLING_SECONDS = 60

/**
 * The entry of a new document, in the place of the one before it, whose delivery may be under way: also in an object that
 * was lost since.
 */
export function replaceEntry(
  before: OutboxEntry | undefined,
  entry: Pick<OutboxEntry, 'key' | 'copy' | 'etag'>,
): OutboxEntry {
  return { ...entry, attempts: 0, ...(before === undefined ? {} : { settledAt: Infinity }) }
}

/**
 * `undefined` when nothing is left. An earlier delivery may yet land on this one, so this one is delivered once more
 * when it no longer can.
 */
export function afterSuccess(entry: OutboxEntry, now: number): LeftToDo | undefined {
  const { settledAt = now } = entry
  const confirmAt = settledAt === Infinity ? now + SETTLING_SECONDS : settledAt
  if (confirmAt <= now) return undefined
  return { entry: { ...entry, attempts: 0, settledAt: confirmAt }, wakeAt: confirmAt }
}

/** A delivery that failed, or was given up, may yet take effect: nobody can tell. */
export function afterFailure(entry: OutboxEntry, now: number): LeftToDo {
  const delay = Math.min(RETRY_SECONDS_MIN * 2 ** entry.attempts, RETRY_SECONDS_MAX)
  const attempts = entry.attempts + 1
  return { entry: { ...entry, attempts, settledAt: Infinity }, wakeAt: now + delay }
}
