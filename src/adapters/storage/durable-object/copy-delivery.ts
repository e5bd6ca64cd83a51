/**
 * Delivers the copy in the outbox, until none is left to deliver now. One delivery is awaited at a time, and always of
 * the newest copy.
 */

import type { DurableObjectStorage } from '@cloudflare/workers-types'
import type { Clock } from '../../../clock.ts'
import { errorName } from '../../../errors.ts'
import type { Log } from '../../../log.ts'
import type { CopyStore } from '../../../storage/document-store.ts'
import { type Deadline, endsWithin } from '../../../deadline.ts'
import type { DocumentAlarm } from './document-alarm.ts'
import { afterFailure, afterSuccess, type LeftToDo, OUTBOX, type OutboxEntry } from './outbox.ts'

export interface CopyDeliveryOptions {
  readonly storage: Pick<DurableObjectStorage, 'kv'>
  readonly copies: CopyStore
  readonly alarm: DocumentAlarm
  readonly clock: Clock
  readonly log: Log
  readonly deadline: Deadline
}

/** A copy store that hangs must not hold up the copies that come after. */
const DELIVERY_WAIT_MS = 10_000

/** Whoever asks for it during a delivery waits for that one: it looks again before it ends. */
export function copyDelivery(options: CopyDeliveryOptions): () => Promise<void> {
  const { storage, copies, alarm, clock, log, deadline } = options
  let delivery: Promise<void> | undefined

  const outbox = (): OutboxEntry | undefined => storage.kv.get<OutboxEntry>(OUTBOX)

  async function emptyOutbox(): Promise<void> {
    try {
      for (let entry = outbox(); entry !== undefined; entry = outbox()) {
        await deliverEntry(entry)
        // It waits for its alarm. A newer one, which came during any await of this delivery, is tried at once.
        if (isNewest(entry)) return
      }
    } finally {
      // Here and not behind the promise, so that nobody waits for a delivery that has looked for the last time.
      delivery = undefined
    }
  }

  async function deliverEntry(entry: OutboxEntry): Promise<void> {
    const { key, attempts } = entry
    const cause = await failureOf(entry)
    const now = clock.now()
    if (cause !== undefined) {
      log('warn', 'copy_not_delivered', { key, attempts: attempts + 1, cause })
    }
    if (!isNewest(entry)) return
    await leave(key, cause === undefined ? afterSuccess(entry, now) : afterFailure(entry, now))
  }

  /** The name of what kept a copy from being delivered, if something did. */
  async function failureOf({ key, copy }: OutboxEntry): Promise<string | undefined> {
    try {
      const ended = await endsWithin(DELIVERY_WAIT_MS, copies.put(key, copy), deadline)
      return ended ? undefined : 'TimeoutError'
    } catch (error) {
      return errorName(error)
    }
  }

  /** False when a newer document came while this copy was on its way: its copy is still to be delivered. */
  function isNewest({ etag }: OutboxEntry): boolean {
    return outbox()?.etag === etag
  }

  async function leave(key: string, left: LeftToDo | undefined): Promise<void> {
    if (left === undefined) {
      storage.kv.delete(OUTBOX)
      await alarm.clear(key)
    } else {
      storage.kv.put<OutboxEntry>(OUTBOX, left.entry)
      await alarm.set(key, left.wakeAt)
    }
  }

  return async () => {
    if (outbox() === undefined) return
    delivery ??= emptyOutbox()
    await delivery
  }
}
