/**
 * Exchange policies in a document store: how they are keyed and coded.
 *
 * Tells a write whose answer was lost from one that lost its race, as `issuers/issuer-repository.ts` does.
 */

import type { DocumentStore, PutCondition } from '../storage/document-store.ts'
import { formatStoredPolicy, parseStoredPolicy } from './policy-codec.ts'
import type { StoredPolicy } from './stored-policy.ts'

const PREFIX = 'policies/'

export function policyKey(id: string): string {
  return `${PREFIX}${id}`
}

export function isPolicyKey(key: string): boolean {
  return key.startsWith(PREFIX)
}

export interface LoadedPolicy {
  readonly stored: StoredPolicy
  readonly etag: string
}

export interface PolicyRepository {
  /** `undefined` where none was set. Rejects with faults `storage_unavailable` and `document_corrupt`. */
  load(id: string): Promise<LoadedPolicy | undefined>
  /**
   * In the place of what was loaded. Resolves to `'conflict'` when that is no longer what is there; `loaded` is `undefined`
   * where none was set. Rejects with fault `storage_unavailable`; whether it was written is then unknown.
   */
  put(loaded: LoadedPolicy | undefined, stored: StoredPolicy): Promise<'written' | 'conflict'>
}

/** `onWritten`: hears the id of every issuer whose policy was written. */
export function policyRepository(
  store: DocumentStore,
  onWritten: (id: string) => void = () => {},
): PolicyRepository {
  async function load(id: string): Promise<LoadedPolicy | undefined> {
    const found = await store.get(policyKey(id))
    return found && { stored: parseStoredPolicy(id, found.body), etag: found.etag }
  }

  async function wasWritten({ id, writeNonce }: StoredPolicy): Promise<boolean> {
    return (await load(id))?.stored.writeNonce === writeNonce
  }

  return {
    load,
    put: async (loaded, stored) => {
      const condition: PutCondition =
        loaded === undefined ? { ifNoneMatch: '*' } : { ifMatch: loaded.etag }
      const outcome = await store.put(policyKey(stored.id), formatStoredPolicy(stored), condition)
      const isWritten = outcome === 'written' || (await wasWritten(stored))
      if (isWritten) onWritten(stored.id)
      return isWritten ? 'written' : 'conflict'
    },
  }
}
