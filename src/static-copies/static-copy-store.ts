/**
 * The port to static copies: the public documents as objects that a CDN reads by itself while the host does not answer.
 *
 * Names are the paths at which they are asked for, so what is here is served as it is. No key reference ever comes here.
 */

import type { PutCondition } from '../storage/document-store.ts'

export interface StaticCopy {
  readonly body: string
  /** As the host's own answer has both. */
  readonly contentType: string
  readonly cacheControl: string
  /** Revision of the issuer that it was made from; 0 where nothing says so, `Infinity` where what says so is beyond every one. */
  readonly ringVersion: number
  /** The same of all copies of an issuer that were made together. Empty where nothing says so. */
  readonly edition: string
}

export interface StoredStaticCopy extends StaticCopy {
  /** Opaque. May be a hash of the body, and so the same again for the same body. */
  readonly etag: string
}

/** Everything rejects with fault `static_copies_unavailable`. */
export interface StaticCopyStore {
  get(name: string): Promise<StoredStaticCopy | undefined>
  /** Resolves to `'conflict'` when the condition did not hold. Where it rejects it is unknown whether the copy was written. */
  put(name: string, copy: StaticCopy, condition: PutCondition): Promise<'written' | 'conflict'>
  /** Also of what is not there. */
  delete(name: string): Promise<void>
}
