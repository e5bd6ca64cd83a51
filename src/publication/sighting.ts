/**
 * Whether a key was seen: published under its name, with its algorithm and its material.
 */

import { isSameKey } from '../crypto/public-jwk.ts'
import type { Observation, ObservedKey } from './observation.ts'

/**
 * The key as it was fetched; `undefined` where it was not seen. Of two members with one `kid` neither counts: relying
 * parties choose differently, and some refuse to.
 */
export function seenKey({ keys }: Observation, key: ObservedKey): ObservedKey | undefined {
  const [seen, ...others] = keys.filter(({ kid }) => kid === key.kid)
  if (seen === undefined || others.length > 0) return undefined
  return seen.alg === key.alg && isSameKey(seen.publicJwk, key.publicJwk) ? seen : undefined
}
