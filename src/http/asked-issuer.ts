/**
 * The issuer that a request leads to, for whoever asks about more than its documents.
 */

import type { Clock } from '../clock.ts'
import type { PublicCopy } from '../issuers/issuer-document.ts'
import type { IssuerLocation } from '../locations/issuer-location.ts'
import type { IssuerReader } from '../reading/issuer-reader.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'

export interface AskedIssuer {
  /** Rejects with faults `storage_unavailable` and `document_corrupt`. */
  read(): Promise<PublicCopy | undefined>
  /** What is known of it without asking storage. */
  readFromMemory(): PublicCopy | undefined
  /** Of the request, for whatever else is read for it. */
  readonly keepAlive?: KeepAlive | undefined
}

export interface AskedLocations {
  readonly meant: IssuerLocation
  /** Where there is no issuer at `meant`. */
  readonly elsewhere: IssuerLocation | undefined
}

interface AskedIssuerDeps {
  readonly reader: Pick<IssuerReader, 'read' | 'readFromMemory'>
  readonly clock: Clock
}

export function askedIssuer(
  { reader, clock }: AskedIssuerDeps,
  { meant, elsewhere }: AskedLocations,
  keepAlive: KeepAlive | undefined,
): AskedIssuer {
  return {
    keepAlive,
    read: async () => {
      const found = await reader.read(meant, { keepAlive })
      if (found !== undefined || elsewhere === undefined) return found?.copy
      return (await reader.read(elsewhere, { keepAlive }))?.copy
    },
    readFromMemory: () => {
      const now = clock.now()
      const known = reader.readFromMemory(meant, now)
      return known ?? (elsewhere && reader.readFromMemory(elsewhere, now))
    },
  }
}
