/**
 * The public part of issuers, as the public routes read it.
 *
 * A reader only: nothing on a public route can write. Two sources: copies beside the documents (Workers KV), or
 * the documents themselves where they are at hand.
 */

import type { DocumentReader } from '../storage/document-store.ts'
import { formatPublicCopy, parsePublicCopy, parseStoredIssuer } from './issuer-codec.ts'
import { type PublicCopy, publicCopyOf } from './issuer-document.ts'
import { issuerIdOfKey, issuerKey } from './issuer-repository.ts'

export interface PublicIssuers {
  readonly stalenessSeconds: number
  /** Rejects with faults `storage_unavailable` and `document_corrupt`. */
  load(id: string): Promise<PublicCopy | undefined>
}

export function publicIssuersFromCopies(copies: DocumentReader): PublicIssuers {
  return {
    stalenessSeconds: copies.stalenessSeconds,
    load: async (id) => {
      const found = await copies.get(issuerKey(id))
      return found && parsePublicCopy(id, found.body)
    },
  }
}

export function publicIssuersFromDocuments(documents: DocumentReader): PublicIssuers {
  return {
    stalenessSeconds: documents.stalenessSeconds,
    load: async (id) => {
      const found = await documents.get(issuerKey(id))
      return found && publicCopyOf(parseStoredIssuer(id, found.body))
    },
  }
}

/** The copy to publish of a stored document. Throws fault `document_corrupt`. */
export function publicCopyBody(key: string, body: string): string {
  return formatPublicCopy(publicCopyOf(parseStoredIssuer(issuerIdOfKey(key), body)))
}
