/**
 * The ports to storage: text documents under keys.
 *
 * A document store honours conditions, so it may hold what must not be lost. A copy store does not, so it only
 * holds copies, and only one writer may write each. An adapter declares its staleness as data; the core reads
 * that instead of knowing backends.
 */

export interface ReadDocument {
  readonly body: string
}

export interface StoredDocument extends ReadDocument {
  /** Opaque; changes with every write that changes the document. */
  readonly etag: string
}

export type PutCondition =
  /** Only when there is no document yet. */
  | { readonly ifNoneMatch: '*' }
  /** Only when the document is still the one that was read. */
  | { readonly ifMatch: string }

export interface ListRequest {
  readonly prefix: string
  /** Only keys behind this one. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface ListPage {
  /** Ascending; keys are ASCII. A key may be listed whose first write has not finished, or has failed. */
  readonly keys: readonly string[]
  /** Whether there are keys behind the last one. */
  readonly more: boolean
}

export interface DocumentReader {
  readonly name: string
  /** Upper bound on how long a reader elsewhere may still see the previous document. */
  readonly stalenessSeconds: number
  /** Rejects with fault `storage_unavailable`. Never writes. */
  get(key: string): Promise<ReadDocument | undefined>
}

export interface DocumentStore extends DocumentReader {
  /** Rejects with fault `storage_unavailable`. Never writes. */
  get(key: string): Promise<StoredDocument | undefined>
  /**
   * Resolves to `'conflict'` when the condition did not hold; the document is then unchanged.
   * Rejects with fault `storage_unavailable`; whether it was written is then unknown.
   */
  put(key: string, body: string, condition: PutCondition): Promise<'written' | 'conflict'>
  /** Rejects with fault `storage_unavailable`. */
  list(request: ListRequest): Promise<ListPage>
  /**
   * Makes the document's copies anew where they are not what they should be; absent where there are none. They may be there
   * later than this resolves. Rejects with fault `storage_unavailable`.
   */
  recopy?(key: string): Promise<void>
}

/** A store without conditions: the last write wins, and there must be one writer a key. */
export interface CopyStore extends DocumentReader {
  /** Rejects with fault `storage_unavailable`; whether it was written is then unknown. */
  put(key: string, body: string): Promise<void>
}
