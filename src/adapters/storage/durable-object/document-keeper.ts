/**
 * What a Durable Object does that is the only writer of one document, and of the copy that others read, if they may.
 *
 * The document and the copy that is still to be delivered are written in one transaction (an outbox), so a crash
 * between the two loses nothing: the alarm delivers.
 */

import type { DurableObjectStorage } from '@cloudflare/workers-types'
import type { Clock } from '../../../clock.ts'
import { errorName, Fault } from '../../../errors.ts'
import type { Log } from '../../../log.ts'
import type { CopyStore, PutCondition, StoredDocument } from '../../../storage/document-store.ts'
import { copyDelivery } from './copy-delivery.ts'
import { type Deadline, endsWithin, timerDeadline } from '../../../deadline.ts'
import { documentAlarm } from './document-alarm.ts'
import { OUTBOX, type OutboxEntry, replaceEntry, RETRY_SECONDS_MIN } from './outbox.ts'

export interface DocumentKeeperOptions {
  readonly storage: Pick<
    DurableObjectStorage,
    'kv' | 'transactionSync' | 'setAlarm' | 'deleteAlarm'
  >
  readonly copies: CopyStore
  /** The copy of a document that others may read; `undefined` where it has none. Throws fault `document_corrupt`. */
  readonly copyOf: (key: string, body: string) => string | undefined
  readonly clock: Clock
  readonly log: Log
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

export interface DocumentKeeper {
  /** Writes nothing, also where there is no document. */
  get(): StoredDocument | null
  /**
   * Resolves once the document is written and the delivery of its copy, if it has one, was tried, or took longer than five
   * seconds: the document is written either way, and the copy is delivered later.
   */
  put(key: string, body: string, condition: PutCondition): Promise<'written' | 'conflict'>
  /**
   * Delivers the copy once more where it is not what it should be: after an outage that outlived the alarm, or in a store
   * that has lost it. Resolves as `put` does. Rejects with fault `storage_unavailable` when the copy cannot be looked at.
   */
  recopy(key: string): Promise<void>
  /**
   * Delivers what could not be delivered before. Rejects with fault `storage_unavailable` when something is left and no
   * alarm could be set for it: the runtime repeats an alarm that rejects.
   */
  alarm(): Promise<void>
}

/** A copy store that hangs must not hold up whoever changed the document. */
const PUT_WAIT_MS = 5000

const DOCUMENT = 'document'

export function documentKeeper(options: DocumentKeeperOptions): DocumentKeeper {
  const { storage, copies, copyOf, clock, log, deadline = timerDeadline } = options
  const alarm = documentAlarm(storage, log)
  const deliver = copyDelivery({ storage, copies, alarm, clock, log, deadline })

  const get = (): StoredDocument | null => storage.kv.get<StoredDocument>(DOCUMENT) ?? null
  const outbox = (): OutboxEntry | undefined => storage.kv.get<OutboxEntry>(OUTBOX)

  /** Never rejects: the document is written, whatever becomes of its copy now. */
  async function deliverSoon(key: string): Promise<void> {
    try {
      // Before the delivery, so that a crash during it leaves somebody to deliver.
      await alarm.set(key, clock.now() + RETRY_SECONDS_MIN)
      await deliver()
    } catch (error) {
      log('warn', 'copy_not_delivered', { key, cause: errorName(error) })
    }
  }

  async function isCopied(key: string, { body, etag }: StoredDocument): Promise<boolean> {
    const copy = copyOf(key, body)
    if (copy === undefined || (await copies.get(key))?.body === copy) return true
    // While it was looked at, a newer document may have come, whose copy is on its way.
    if (get()?.etag === etag && outbox() === undefined) {
      storage.kv.put<OutboxEntry>(OUTBOX, replaceEntry(undefined, { key, copy, etag }))
    }
    return false
  }

  async function deliverUnlessCopied(key: string): Promise<void> {
    const existing = get()
    if (existing === null) return
    if (outbox() === undefined && (await isCopied(key, existing))) return
    await deliverSoon(key)
  }

  return {
    get,
    recopy: async (key) => {
      await endsWithin(PUT_WAIT_MS, deliverUnlessCopied(key), deadline)
    },
    alarm: async () => {
      await deliver()
      if (!alarm.hasFailed() || outbox() === undefined) return
      throw new Fault('storage_unavailable', 'a copy is left to deliver, and no alarm could be set')
    },
    put: async (key, body, condition) => {
      const existing = get()
      const holds =
        'ifMatch' in condition ? existing?.etag === condition.ifMatch : existing === null
      if (!holds) return 'conflict'
      const etag = `"${crypto.randomUUID()}"`
      const copy = copyOf(key, body)
      storage.transactionSync(() => {
        storage.kv.put<StoredDocument>(DOCUMENT, { body, etag })
        if (copy === undefined) return
        storage.kv.put<OutboxEntry>(OUTBOX, replaceEntry(outbox(), { key, copy, etag }))
      })
      if (copy !== undefined) await endsWithin(PUT_WAIT_MS, deliverSoon(key), deadline)
      return 'written'
    },
  }
}
