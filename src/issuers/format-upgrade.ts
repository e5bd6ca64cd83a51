/**
 * Stored bytes of earlier formats, as the present one has them. Written back with the issuer's next change.
 *
 * Format 1 knew no adopted keys. Format 2 knew no leftovers, and not which revision published a key.
 */

import { isJsonObject, type JsonObject } from '../json.ts'
import { FORMAT_VERSION } from './issuer-document.ts'

/** `json` itself where there is nothing to upgrade; whether it is right is the codec's to say. */
export function upgraded(json: unknown): unknown {
  if (!isJsonObject(json)) return json
  switch (json['version']) {
    case 1: {
      const second = withAdoptedKeys(json)
      return second === json ? json : withLeftovers(second)
    }
    case 2:
      return withLeftovers(json)
    default:
      return json
  }
}

function withAdoptedKeys(json: JsonObject): JsonObject {
  const { ring } = json
  if (!isJsonObject(ring)) return { ...json, version: 2 }
  // Not of format 1: left to be refused as it is.
  if ('adopted' in ring || 'former' in ring) return json
  const former = isWhole(json) ? { former: [] } : {}
  return { ...json, version: 2, ring: { ...ring, adopted: [], ...former } }
}

function withLeftovers(json: JsonObject): JsonObject {
  const { ring } = json
  const present = { ...json, version: FORMAT_VERSION }
  if (!isWhole(json)) return present
  if (!isJsonObject(ring)) return 'leftovers' in json ? json : { ...present, leftovers: [] }
  if ('leftovers' in ring) return json
  return { ...present, ring: { ...ring, keys: withRevisions(ring['keys']), leftovers: [] } }
}

/** Of which revision a key was is not known any more: whoever has seen it has seen the first one. */
function withRevisions(keys: unknown): unknown {
  if (!Array.isArray(keys)) return keys
  return keys.map((key: unknown) => (isJsonObject(key) ? { ...key, publishedRevision: 1 } : key))
}

/** Only the whole document has a write nonce, and only it keeps what the public copy does not. */
function isWhole(json: JsonObject): boolean {
  return 'writeNonce' in json
}
