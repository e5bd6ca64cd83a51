/**
 * The short name of an issuer inside one installation: a DNS label, never given twice.
 */

import { isDnsLabel } from '../dns-names.ts'
import { shown } from '../printable.ts'

/** First path segments that belong to the host itself. */
const RESERVED_IDS: ReadonlySet<string> = new Set(['control', 'healthz', 'token'])

export function isIssuerId(text: string): boolean {
  return isDnsLabel(text) && !RESERVED_IDS.has(text)
}

/** What is wrong with an issuer id, or `undefined`. */
export function issuerIdProblem(id: string): string | undefined {
  if (RESERVED_IDS.has(id)) {
    return `id must not be one of ${[...RESERVED_IDS].join(', ')} (the host's own paths), got ${shown(id)}: choose another name`
  }
  if (isDnsLabel(id)) return undefined
  return `id must be 1 to 63 lower-case letters, digits and inner hyphens, got ${shown(id)}: choose a name such as "prod" or "eu-west-1"`
}
