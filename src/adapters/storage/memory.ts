/**
 * Documents in this process: for tests, and the model of what a document store does.
 */

import type { DocumentStore } from '../../storage/document-store.ts'

export function memoryStore(): DocumentStore {
  const documents = new Map<string, { readonly body: string; readonly etag: string }>()
  let writes = 0
  return {
    name: 'memory',
    stalenessSeconds: 0,
    get: async (key) => documents.get(key),
    put: async (key, body, condition) => {
      const existing = documents.get(key)
      const holds =
        'ifMatch' in condition ? existing?.etag === condition.ifMatch : existing === undefined
      if (!holds) return 'conflict'
      writes += 1
      documents.set(key, { body, etag: `"${writes}"` })
      return 'written'
    },
    list: async ({ prefix, after = '', limit }) => {
      const keys = [...documents.keys()]
        .filter((key) => key.startsWith(prefix) && key > after)
        .toSorted()
      return { keys: keys.slice(0, limit), more: keys.length > limit }
    },
  }
}
