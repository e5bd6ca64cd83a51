/**
 * What of each stored document others may read: the copy that is delivered to where the public reads.
 */

import { formatPublicCopy, parseStoredIssuer } from '../issuers/issuer-codec.ts'
import { publicCopyOf } from '../issuers/issuer-document.ts'
import { isLocationKey } from '../locations/issuer-location.ts'
import { issuerIdOfKey } from '../issuers/issuer-repository.ts'
import { isPolicyKey } from '../policies/policy-repository.ts'

/** `undefined` for exchange policies, which nobody else reads. Throws fault `document_corrupt`. */
export function deliveredCopy(key: string, body: string): string | undefined {
  return isPolicyKey(key) ? undefined : publicCopyBody(key, body)
}

/** Throws fault `document_corrupt`. */
export function publicCopyBody(key: string, body: string): string {
  // A claim says no more than the documents at its location do.
  if (isLocationKey(key)) return body
  return formatPublicCopy(publicCopyOf(parseStoredIssuer(issuerIdOfKey(key), body)))
}
