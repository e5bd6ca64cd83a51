/**
 * Stores of static copies that tell what was asked of them, and the copies that an issuer should have.
 */

import { createHash } from 'node:crypto'
import { memoryStaticCopies } from '../../src/adapters/storage/memory-static-copies.ts'
import { documentRenderer } from '../../src/documents/rendered-documents.ts'
import type { StoredIssuer } from '../../src/issuers/issuer-document.ts'
import type { PublicationBounds } from '../../src/issuers/policy.ts'
import { copiesOfIssuer } from '../../src/static-copies/copies-of-issuer.ts'
import { copyNamesOf } from '../../src/static-copies/copy-names.ts'
import type { StaticCopy, StaticCopyStore } from '../../src/static-copies/static-copy-store.ts'

/** Its calls as members that a test may put others before. */
export interface TestCopies {
  get: (
    this: void,
    ...asked: Parameters<StaticCopyStore['get']>
  ) => ReturnType<StaticCopyStore['get']>
  put: (
    this: void,
    ...asked: Parameters<StaticCopyStore['put']>
  ) => ReturnType<StaticCopyStore['put']>
  delete: (this: void, name: string) => Promise<void>
  /** What was asked for, by its kind and the end of its name, in its order. */
  readonly calls: string[]
  /** All that is there. */
  readonly all: Map<string, StaticCopy>
}

/** `hashed`: an etag is the hash of the body, as S3 has it, so that the same body has the same again. */
export function testCopies({ hashed = false } = {}): TestCopies {
  const calls: string[] = []
  const all = new Map<string, StaticCopy>()
  const memory = memoryStaticCopies()
  const told = (call: string, name: string) => void calls.push(`${call} ${name.split('/').at(-1)}`)

  async function present(name: string, etag: string): Promise<string> {
    const found = await memory.get(name)
    return found !== undefined && etagOf(found.body) === etag ? found.etag : '"none"'
  }

  return {
    calls,
    all,
    get: async (name) => {
      told('get', name)
      const found = await memory.get(name)
      return found && hashed ? { ...found, etag: etagOf(found.body) } : found
    },
    put: async (name, copy, condition) => {
      told('put', name)
      const real =
        'ifMatch' in condition && hashed
          ? { ifMatch: await present(name, condition.ifMatch) }
          : condition
      const outcome = await memory.put(name, copy, real)
      if (outcome === 'written') all.set(name, copy)
      return outcome
    },
    delete: async (name) => {
      told('delete', name)
      all.delete(name)
      await memory.delete(name)
    },
  }
}

function etagOf(body: string): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}

/** What should be there of this issuer. */
export async function wantedCopies(
  stored: StoredIssuer,
  bounds: PublicationBounds,
  now: number,
): Promise<Record<string, StaticCopy>> {
  const names = copyNamesOf(stored.issuer)
  if (stored.kind === 'tombstone' || names === undefined) return {}
  const documents = await documentRenderer(bounds).render(stored, now)
  if (documents === undefined) return {}
  const { discovery, jwkSet } = await copiesOfIssuer(stored, documents)
  return {
    [names.discovery]: discovery,
    [names.authorizationServer]: discovery,
    [names.jwkSet]: jwkSet,
  }
}
