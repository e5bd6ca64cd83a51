/**
 * The public part of issuers, by location, as storage has it.
 *
 * A reader only: nothing on a public route can write. Two sources: copies beside the documents (Workers KV), or the
 * documents themselves where they are at hand.
 *
 * An issuer whose location tells its id is found by one read; one with a URL of its own by the claim of its location.
 */

import { parsePublicCopy, parseStoredIssuer } from '../issuers/issuer-codec.ts'
import { type PublicCopy, publicCopyOf } from '../issuers/issuer-document.ts'
import { defaultIdAt, type IssuerLocation, locationOf } from '../locations/issuer-location.ts'
import { issuerKey } from '../issuers/issuer-repository.ts'
import { claimantOf } from '../locations/location-claims.ts'
import { Fault } from '../errors.ts'
import type { DocumentReader } from '../storage/document-store.ts'

export interface PublicIssuers {
  readonly stalenessSeconds: number
  /** Rejects with faults `storage_unavailable` and `document_corrupt`. */
  load(location: IssuerLocation): Promise<PublicCopy | undefined>
}

export function publicIssuersFromCopies(copies: DocumentReader): PublicIssuers {
  return publicIssuers(copies, parsePublicCopy)
}

export function publicIssuersFromDocuments(documents: DocumentReader): PublicIssuers {
  return publicIssuers(documents, (id, body) => publicCopyOf(parseStoredIssuer(id, body)))
}

function publicIssuers(
  reader: DocumentReader,
  parse: (id: string, body: string) => PublicCopy,
): PublicIssuers {
  async function loadAt(location: IssuerLocation, id: string): Promise<PublicCopy | undefined> {
    const found = await reader.get(issuerKey(id))
    const copy = found && parse(id, found.body)
    return copy !== undefined && locationOf(copy.issuer) === location ? copy : undefined
  }

  return {
    stalenessSeconds: reader.stalenessSeconds,
    load: async (location) => {
      const defaultId = defaultIdAt(location)
      const byDefault = defaultId === undefined ? undefined : loadAt(location, defaultId)
      // One that cannot be read may live elsewhere, and then hides nobody who lives here.
      const atDefault = await byDefault?.catch(unlessCorrupt)
      if (atDefault !== undefined) return atDefault
      const claimant = await claimantOf(reader, location)
      if (claimant === undefined || claimant === defaultId) return byDefault
      return loadAt(location, claimant)
    },
  }
}

function unlessCorrupt(error: unknown): undefined {
  if (error instanceof Fault && error.code === 'document_corrupt') return undefined
  throw error
}
