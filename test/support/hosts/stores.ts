/**
 * Stores that fail as a test wants them to, over one that works.
 */

import type { DocumentStore } from '../../../src/storage/document-store.ts'

export interface SwitchedStore extends DocumentStore {
  /** From then on `operation` rejects with `error`; without one it works again. */
  fail(operation: 'get' | 'put' | 'list', error: Error | undefined): void
  /** How often each operation was called. */
  readonly calls: Readonly<Record<'get' | 'put' | 'list', number>>
}

export function switchedStore(store: DocumentStore): SwitchedStore {
  const failures = new Map<string, Error>()
  const calls = { get: 0, put: 0, list: 0 }

  async function attempt<T>(operation: keyof typeof calls, run: () => Promise<T>): Promise<T> {
    calls[operation] += 1
    const failure = failures.get(operation)
    if (failure !== undefined) throw failure
    return run()
  }

  return {
    name: store.name,
    stalenessSeconds: store.stalenessSeconds,
    calls,
    fail: (operation, error) => {
      if (error === undefined) failures.delete(operation)
      else failures.set(operation, error)
    },
    get: (key) => attempt('get', () => store.get(key)),
    put: (...request) => attempt('put', () => store.put(...request)),
    list: (request) => attempt('list', () => store.list(request)),
  }
}
