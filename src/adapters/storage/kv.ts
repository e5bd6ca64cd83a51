/**
 * Copies in Workers KV: the public part of issuers, as the edge reads it.
 *
 * No conditions and no order between places, so one writer a key: the Durable Object that owns the document. A key
 * takes one write a second.
 */

import { Fault } from '../../errors.ts'
import type { CopyStore } from '../../storage/document-store.ts'

/** Cloudflare says "60 seconds or more"; the ring plans with five minutes. */
const KV_STALENESS_SECONDS = 300

/** The calls that are used of a KV namespace. */
export interface KvNamespace {
  get(key: string): Promise<string | null>
  put(key: string, value: string): Promise<void>
}

export function kvStore(namespace: KvNamespace): CopyStore {
  return {
    name: 'kv',
    stalenessSeconds: KV_STALENESS_SECONDS,
    get: async (key) => {
      const body = await calling(() => namespace.get(key))
      return body === null ? undefined : { body }
    },
    put: (key, body) => calling(() => namespace.put(key, body)),
  }
}

/** Whatever goes wrong with a call, be it before it is sent, is storage that does not answer. */
async function calling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw new Fault('storage_unavailable', 'Workers KV did not answer', { cause })
  }
}
