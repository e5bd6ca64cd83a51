/**
 * What a service keeps of an issuer's keys, held against what its document names.
 */

import { parseStoredIssuer } from '../../src/issuers/issuer-codec.ts'
import { leftoversOf } from '../../src/issuers/leftovers.ts'
import type { RingWorld } from './ring-world.ts'

/** Slots of keys that neither the ring nor the sweep knows, and of keys that the ring names and that are not there. */
export async function orphansOf(
  { keptKeys, storedBody }: Pick<RingWorld, 'keptKeys' | 'storedBody'>,
  id: string,
): Promise<string[]> {
  const stored = parseStoredIssuer(id, await storedBody(id))
  const named = stored.kind === 'issuer' ? stored.ring.keys : []
  const inService = named.filter(({ custody }) => custody === 'kms').map(({ slot }) => slot)
  const left = leftoversOf(stored).map(({ slot }) => slot)
  const kept = (await keptKeys(id)).filter(({ isDeleted }) => !isDeleted)
  return [
    ...kept
      .filter(({ slot }) => !inService.includes(slot) && !left.includes(slot))
      .map(({ slot }) => `nobody knows ${slot}`),
    ...inService
      .filter((slot) => !kept.some((key) => key.slot === slot))
      .map((slot) => `the ring names ${slot}, which is gone`),
  ]
}
