/**
 * What the public routes read, in the hand of the test: right, wrong, late or not at all.
 */

import { Fault } from '../../../src/errors.ts'
import { isLocationKey } from '../../../src/locations/issuer-location.ts'
import type { DocumentReader } from '../../../src/storage/document-store.ts'

export type Answer =
  | { readonly type: 'right' | 'missing' | 'failing' | 'broken' | 'silent' }
  /** An issuer's document as it once was. */
  | { readonly type: 'body'; readonly body: string }

export interface HeldRead {
  /** Ends the read with what storage has now. */
  answer(): void
  /** Ends the read with what storage had when it began. */
  answerAsBegun(): void
  fail(): void
}

export interface FaultyReads extends DocumentReader {
  /** From now on each read of an issuer is answered so; claims of locations too where storage says nothing. */
  answer: Answer
  /** How many issuers were read. */
  reads: number
  /** Reads that have not ended: of a silent storage. */
  readonly held: HeldRead[]
}

export function faultyReads(reader: DocumentReader): FaultyReads {
  const reads: FaultyReads = {
    name: reader.name,
    stalenessSeconds: reader.stalenessSeconds,
    answer: { type: 'right' },
    reads: 0,
    held: [],
    get: async (key) => {
      const isClaim = isLocationKey(key)
      if (!isClaim) reads.reads += 1
      const { answer } = reads
      switch (answer.type) {
        case 'right':
          return reader.get(key)
        case 'missing':
          return undefined
        case 'failing':
          throw unavailable()
        case 'silent':
          return hold(key)
        case 'broken':
          return isClaim ? reader.get(key) : { body: '{"version":2,"kind"', etag: '"broken"' }
        case 'body':
          return isClaim ? reader.get(key) : { body: answer.body, etag: '"body"' }
      }
    },
  }

  async function hold(key: string): ReturnType<DocumentReader['get']> {
    const begun = await reader.get(key)
    return new Promise((resolve, reject) => {
      reads.held.push({
        answer: () => resolve(reader.get(key)),
        answerAsBegun: () => resolve(begun),
        fail: () => reject(unavailable()),
      })
    })
  }

  return reads
}

function unavailable(): Fault {
  return new Fault('storage_unavailable', 'no answer')
}
