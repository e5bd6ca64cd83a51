/**
 * The short way to a public document that is in memory, rendered, and right at this moment: most requests are for one.
 * Everything else goes the long way, through the routes, which teach this one.
 *
 * Decides nothing of its own: it remembers which URL asks for which document of which location, and asks the same reader
 * and the same renderer.
 */

import type { Clock } from '../clock.ts'
import type { DocumentRenderer } from '../documents/rendered-documents.ts'
import type { IssuerLocation } from '../locations/issuer-location.ts'
import { KNOWN_URL_CHARS_MAX, KNOWN_URLS_MAX } from '../limits.ts'
import type { IssuerReader } from '../reading/issuer-reader.ts'
import { answerDocument, type DocumentName } from './document-answer.ts'

export interface DocumentLaneDeps {
  readonly reader: Pick<IssuerReader, 'readFromMemory'>
  readonly renderer: DocumentRenderer
  readonly clock: Clock
}

export interface DocumentLane {
  /** `undefined` where it is not for this way to answer. */
  answer(request: Request): Response | undefined
  /** `location`: where `url` itself leads, not where it is taken to lead. */
  learn(url: string, document: DocumentName, location: IssuerLocation): void
}

interface Destination {
  readonly document: DocumentName
  readonly location: IssuerLocation
}

export function documentLane({ reader, renderer, clock }: DocumentLaneDeps): DocumentLane {
  const destinations = new Map<string, Destination>()
  return {
    answer: (request) => {
      const destination = destinations.get(request.url)
      if (destination === undefined || request.method !== 'GET') return undefined
      const now = clock.now()
      const copy = reader.readFromMemory(destination.location, now)
      if (copy?.kind !== 'issuer') return undefined
      const documents = renderer.kept(copy, now)
      return documents && answerDocument(destination.document, copy, documents, request.headers)
    },
    learn: (url, document, location) => {
      // A query has no end of forms.
      if (url.length > KNOWN_URL_CHARS_MAX || url.includes('?')) return
      destinations.set(url, { document, location })
      const [oldest] = destinations.keys()
      if (destinations.size > KNOWN_URLS_MAX && oldest !== undefined) destinations.delete(oldest)
    },
  }
}
