/**
 * What the public documents are read from, which a test switches off.
 */

import { Fault } from '../../src/errors.ts'
import type { DocumentReader } from '../../src/storage/document-store.ts'

export interface Switch {
  readonly outage: (state: 'begins' | 'ends') => void
  readonly switched: (reader: DocumentReader) => DocumentReader
}

export function readSwitch(): Switch {
  let isOff = false
  return {
    outage: (state) => {
      isOff = state === 'begins'
    },
    switched: (reader) => ({
      name: reader.name,
      stalenessSeconds: reader.stalenessSeconds,
      get: async (key) => {
        if (isOff) throw new Fault('storage_unavailable', 'no answer')
        return reader.get(key)
      },
    }),
  }
}
