/**
 * Document keepers over the storage of a real object, with the rest in the hand of the test.
 */

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { DurableObjectStorage } from '@cloudflare/workers-types'
import type { DocumentObjectStub } from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import {
  type DocumentKeeper,
  documentKeeper,
  type DocumentKeeperOptions,
} from '../../src/adapters/storage/durable-object/document-keeper.ts'
import type { CopyStore } from '../../src/storage/document-store.ts'

/** So far away that no alarm goes off by itself while the tests run. */
export const NOW = 4_000_000_000

/** When a copy that was delivered after a doubtful delivery is delivered once more. */
export const SETTLED = { now: (): number => NOW + 60 }

export const workingCopies: CopyStore = {
  name: 'working',
  stalenessSeconds: 0,
  get: async () => undefined,
  put: async () => undefined,
}

export const failingCopies: CopyStore = {
  ...workingCopies,
  name: 'failing',
  put: async () => {
    throw new TypeError('marked-message of the copy store')
  },
}

export function newObject(): DocumentObjectStub {
  return env.DOCUMENTS.getByName(crypto.randomUUID())
}

/** Runs a test over the storage of a new object, beside the keeper that the object itself has. */
export async function withStorage(
  run: (storage: DurableObjectStorage) => Promise<void>,
): Promise<void> {
  await runInDurableObject(newObject(), (_, { storage }) => run(storage))
}

/** No deadline passes unless a test lets it. */
const never = (): Promise<void> => new Promise(() => undefined)

export function keeperOver(
  storage: DocumentKeeperOptions['storage'],
  options: Partial<DocumentKeeperOptions> = {},
): DocumentKeeper {
  return documentKeeper({
    storage,
    copies: workingCopies,
    copyOf: (_key, body) => `copy of ${body}`,
    clock: { now: () => NOW },
    log: () => undefined,
    deadline: never,
    ...options,
  })
}

/** The condition of who has just read the document. */
export function unchanged(keeper: DocumentKeeper): { readonly ifMatch: string } {
  return { ifMatch: keeper.get()?.etag ?? '' }
}

/** All that is kept: values by name, and the alarm in seconds from `NOW`. */
export async function keptIn(storage: DurableObjectStorage) {
  const alarm = await storage.getAlarm()
  const values: Record<string, unknown> = Object.fromEntries(storage.kv.list())
  return { values, alarmIn: alarm === null ? null : alarm / 1000 - NOW }
}
