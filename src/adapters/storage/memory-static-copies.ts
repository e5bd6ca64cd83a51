/**
 * Static copies in this process: for tests, and the model of what a store of them does.
 */

import type { StaticCopyStore, StoredStaticCopy } from '../../static-copies/static-copy-store.ts'

export function memoryStaticCopies(): StaticCopyStore {
  const copies = new Map<string, StoredStaticCopy>()
  let writes = 0
  return {
    get: async (name) => copies.get(name),
    put: async (name, copy, condition) => {
      const existing = copies.get(name)
      const holds =
        'ifMatch' in condition ? existing?.etag === condition.ifMatch : existing === undefined
      if (!holds) return 'conflict'
      writes += 1
      copies.set(name, { ...copy, etag: `"${writes}"` })
      return 'written'
    },
    delete: async (name) => void copies.delete(name),
  }
}
