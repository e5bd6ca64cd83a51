/**
 * Issuer documents in a document store.
 *
 * Knows how they are keyed and coded, and tells a write whose answer was lost from one that lost its race: the
 * store's client may retry a write that took effect, and the retry then conflicts with its own first try. Where somebody
 * else wrote between the two, the answer is a conflict although the write was there for a moment.
 */

import type { DocumentStore } from '../storage/document-store.ts'
import { Fault } from '../errors.ts'
import { formatStoredIssuer, parseStoredIssuer } from './issuer-codec.ts'
import type { StoredIssuer } from './issuer-document.ts'

const PREFIX = 'issuers/'

export function issuerKey(id: string): string {
  return `${PREFIX}${id}`
}

export function issuerIdOfKey(key: string): string {
  return key.slice(PREFIX.length)
}

export interface LoadedIssuer {
  readonly stored: StoredIssuer
  readonly etag: string
}

/** One line of a list: the issuer, or why it cannot be read. */
export type ListedIssuer =
  | { readonly id: string; readonly stored: StoredIssuer }
  | { readonly id: string; readonly problem: string }

export interface IssuerPage {
  readonly issuers: readonly ListedIssuer[]
  /** Pass as `after` to read on. */
  readonly next: string | undefined
}

export interface IssuerRepository {
  /** Rejects with faults `storage_unavailable` and `document_corrupt`. */
  load(id: string): Promise<LoadedIssuer | undefined>
  /** Resolves to `'conflict'` when the id is taken. */
  insert(stored: StoredIssuer): Promise<'written' | 'conflict'>
  /** Resolves to `'conflict'` when the document is no longer the one that was loaded. */
  replace(loaded: LoadedIssuer, stored: StoredIssuer): Promise<'written' | 'conflict'>
  /** Has the public copy made anew where there is one that is not as it should be. Rejects with fault `storage_unavailable`. */
  recopy(id: string): Promise<void>
  /** Rejects with fault `storage_unavailable` when it cannot be told which issuers there are. */
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<IssuerPage>
}

/** `onWritten`: hears of every write that took effect. */
export function issuerRepository(
  store: DocumentStore,
  onWritten: (stored: StoredIssuer) => void = () => {},
): IssuerRepository {
  async function load(id: string): Promise<LoadedIssuer | undefined> {
    const found = await store.get(issuerKey(id))
    return found && { stored: parseStoredIssuer(id, found.body), etag: found.etag }
  }

  async function wasWritten({ id, writeNonce }: StoredIssuer): Promise<boolean> {
    const found = await load(id)
    return found?.stored.writeNonce === writeNonce
  }

  async function put(
    stored: StoredIssuer,
    condition: Parameters<DocumentStore['put']>[2],
  ): Promise<'written' | 'conflict'> {
    const outcome = await store.put(issuerKey(stored.id), formatStoredIssuer(stored), condition)
    const isWritten = outcome === 'written' || (await wasWritten(stored))
    if (isWritten) onWritten(stored)
    return isWritten ? 'written' : 'conflict'
  }

  async function listed(key: string): Promise<ListedIssuer[]> {
    const id = issuerIdOfKey(key)
    try {
      const found = await load(id)
      return found === undefined ? [] : [{ id, stored: found.stored }]
    } catch (error) {
      // One document that cannot be read must not hide the others; its own load still rejects.
      if (error instanceof Fault) return [{ id, problem: error.message }]
      throw error
    }
  }

  return {
    load,
    insert: (stored) => put(stored, { ifNoneMatch: '*' }),
    replace: ({ etag }, stored) => put(stored, { ifMatch: etag }),
    recopy: async (id) => store.recopy?.(issuerKey(id)),
    list: async ({ after, limit }) => {
      const request = {
        prefix: PREFIX,
        after: after === undefined ? undefined : issuerKey(after),
        limit,
      }
      const page = await store.list(request)
      const issuers = await Promise.all(page.keys.map(listed))
      const last = page.keys.at(-1)
      return {
        issuers: issuers.flat(),
        next: page.more && last !== undefined ? issuerIdOfKey(last) : undefined,
      }
    },
  }
}
