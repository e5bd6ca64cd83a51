/**
 * Stored bytes of earlier formats, as the present one has them. Written back with the issuer's next change.
 *
 * Format 1 knew no adopted keys.
 */

import { isJsonObject } from '../json.ts'
import { FORMAT_VERSION } from './issuer-document.ts'

/** `json` itself where there is nothing to upgrade; whether it is right is the codec's to say. */
export function upgraded(json: unknown): unknown {
  if (!isJsonObject(json) || json['version'] !== 1) return json
  const { ring } = json
  if (!isJsonObject(ring)) return { ...json, version: FORMAT_VERSION }
  // Not of format 1: left to be refused as it is.
  if ('adopted' in ring || 'former' in ring) return json
  // Only the whole document has a write nonce, and only it keeps what the public copy does not.
  const former = 'writeNonce' in json ? { former: [] } : {}
  return { ...json, version: FORMAT_VERSION, ring: { ...ring, adopted: [], ...former } }
}
