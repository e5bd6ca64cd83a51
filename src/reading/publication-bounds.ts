/**
 * How old the documents may be that a host serves, from the store that it reads them from.
 */

import type { PublicationBounds } from '../issuers/policy.ts'
import { LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS } from '../limits.ts'

export function publicationBounds(source: {
  readonly stalenessSeconds: number
}): PublicationBounds {
  return {
    documentStalenessSeconds: source.stalenessSeconds + MEMORY_COPY_SECONDS,
    lastGoodSeconds: LAST_GOOD_SECONDS,
  }
}
