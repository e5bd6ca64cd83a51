/**
 * Documents in Durable Objects: one object a document, and one that knows which there are.
 *
 * An object that is asked keeps storage from then on, even where it has nothing to say. So the directory is asked first,
 * and a read of what was never there leaves nothing behind.
 */

import { Fault } from '../../../errors.ts'
import type {
  DocumentStore,
  ListPage,
  ListRequest,
  PutCondition,
  StoredDocument,
} from '../../../storage/document-store.ts'

/** The calls that are used of a Durable Object namespace. */
export interface ObjectNamespace<Stub> {
  getByName(name: string): Stub
}

/** What crosses to the objects, as their classes answer it. */
export interface DocumentObjectStub {
  get(): Promise<StoredDocument | null>
  put(key: string, body: string, condition: PutCondition): Promise<'written' | 'conflict'>
  recopy(key: string): Promise<void>
}

export interface DirectoryObjectStub {
  add(key: string): Promise<void>
  has(key: string): Promise<boolean>
  list(request: ListRequest): Promise<ListPage>
}

export interface DurableObjectStoreOptions {
  readonly documents: ObjectNamespace<DocumentObjectStub>
  readonly directory: ObjectNamespace<DirectoryObjectStub>
}

/** The one directory of the installation. */
const DIRECTORY_NAME = 'directory'

/** Keys that are known to be in the directory: about a megabyte, and more than an installation has in use at a time. */
const KNOWN_KEYS_MAX = 10_000

export function durableObjectStore(options: DurableObjectStoreOptions): DocumentStore {
  const directory = (): DirectoryObjectStub => options.directory.getByName(DIRECTORY_NAME)
  const object = (key: string): DocumentObjectStub => options.documents.getByName(key)
  const known = knownKeys()

  async function isListed(key: string): Promise<boolean> {
    if (known.has(key)) return true
    const listed = await directory().has(key).catch(unavailable('the directory'))
    if (listed) known.add(key)
    return listed
  }

  return {
    name: 'durable-object',
    stalenessSeconds: 0,
    get: async (key) => {
      if (!(await isListed(key))) return undefined
      return (await object(key).get().catch(unavailable(key))) ?? undefined
    },
    put: async (key, body, condition) => {
      // Listed before it is written: a crash between the two leaves a key without a document, never the reverse.
      if ('ifNoneMatch' in condition) {
        await directory().add(key).catch(unavailable('the directory'))
        known.add(key)
      }
      return object(key).put(key, body, condition).catch(unavailable(key))
    },
    recopy: async (key) => {
      if (await isListed(key)) await object(key).recopy(key).catch(unavailable(key))
    },
    list: async (request) => {
      const page = await directory().list(request).catch(unavailable('the directory'))
      // So that each document of a page costs one call.
      for (const key of page.keys) known.add(key)
      return page
    },
  }
}

interface KnownKeys {
  has(key: string): boolean
  add(key: string): void
}

/** What was seen in the directory stays true: keys are never removed. Forgets the oldest. */
function knownKeys(): KnownKeys {
  const keys = new Set<string>()
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      keys.add(key)
      const [oldest] = keys
      if (keys.size > KNOWN_KEYS_MAX && oldest !== undefined) keys.delete(oldest)
    },
  }
}

/** `what`: the key of a document, or the directory. */
function unavailable(what: string): (cause: unknown) => never {
  return (cause) => {
    const message = `the Durable Object of ${what} did not answer`
    throw new Fault('storage_unavailable', message, { cause })
  }
}
