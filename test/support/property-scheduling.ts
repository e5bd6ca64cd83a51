/**
 * A store whose calls take effect in the order that fast-check chooses.
 */

import type * as fc from 'fast-check'
import type { DocumentStore } from '../../src/storage/document-store.ts'

/** Each `get` and `put` waits for its turn; `ready` is awaited before the first of them. */
export function scheduledStore(
  store: DocumentStore,
  scheduler: fc.Scheduler,
  { name, ready = async () => {} }: { readonly name: string; readonly ready?: () => Promise<void> },
): DocumentStore {
  async function turn(operation: string, key: string): Promise<void> {
    await ready()
    await scheduler.schedule(Promise.resolve(), `${name} ${operation} ${key}`)
  }
  return {
    ...store,
    get: async (key) => {
      await turn('get', key)
      return store.get(key)
    },
    put: async (key, body, condition) => {
      await turn('put', key)
      return store.put(key, body, condition)
    },
  }
}

/** Resolves for everyone once so many have asked. */
export function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  return async () => {
    waiting += 1
    if (waiting >= count) resolve()
    await promise
  }
}
