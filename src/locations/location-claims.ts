/**
 * Who has a location: two issuers never share one.
 *
 * A claim is a document of its own, written before its issuer under the condition that there is none. It stays for ever,
 * as the issuer does or its tombstone. A creation that fails in between leaves a claim without an issuer, which is free
 * again after a while; until then the creation may still be under way.
 */

import { UNFINISHED_CLAIM_SECONDS } from '../limits.ts'
import type { DocumentReader, DocumentStore } from '../storage/document-store.ts'
import { defaultIdAt, type IssuerLocation, locationKey, locationOf } from './issuer-location.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import {
  formatLocationClaim,
  type LocationClaim,
  parseLocationClaim,
} from './location-claim-codec.ts'

/** Who keeps a location from being claimed. `unfinished`: an issuer that is being created, or never was. */
export interface LocationHolder {
  readonly id: string
  readonly state: 'live' | 'deleted' | 'unfinished'
}

export interface LocationClaims {
  /** Resolves to the holder where it is another issuer's. Claiming twice for one issuer is claiming once. */
  claim(location: IssuerLocation, id: string, now: number): Promise<LocationHolder | undefined>
}

export function locationClaims(store: DocumentStore, issuers: IssuerRepository): LocationClaims {
  /** Issuer `id`, if it is or was at this location. */
  async function holderAt(
    location: IssuerLocation,
    id: string,
  ): Promise<LocationHolder | undefined> {
    const stored = (await issuers.load(id))?.stored
    if (stored === undefined || locationOf(stored.issuer) !== location) return undefined
    return { id, state: stored.kind === 'tombstone' ? 'deleted' : 'live' }
  }

  async function holderOf(
    location: IssuerLocation,
    { id, claimedAt }: LocationClaim,
    now: number,
  ): Promise<LocationHolder | undefined> {
    const holder = await holderAt(location, id)
    if (holder !== undefined || now >= claimedAt + UNFINISHED_CLAIM_SECONDS) return holder
    return { id, state: 'unfinished' }
  }

  /** An issuer at its default location, which may be older than claims are. */
  async function defaultHolder(
    location: IssuerLocation,
    id: string,
  ): Promise<LocationHolder | undefined> {
    const defaultId = defaultIdAt(location)
    return defaultId === undefined || defaultId === id ? undefined : holderAt(location, defaultId)
  }

  return {
    claim: async (location, id, now) => {
      const byDefault = await defaultHolder(location, id)
      if (byDefault !== undefined) return byDefault
      const key = locationKey(location)
      const body = formatLocationClaim({ location, id, claimedAt: now })
      if ((await store.put(key, body, { ifNoneMatch: '*' })) === 'written') return undefined
      const found = await store.get(key)
      if (found === undefined) return { id, state: 'unfinished' }
      const claim = parseLocationClaim(location, found.body)
      // Ours: a creation of this id whose answer was lost, or that runs beside this one.
      if (claim.id === id && claim.claimedAt === now) return undefined
      const holder = claim.id === id ? undefined : await holderOf(location, claim, now)
      if (holder !== undefined) return holder
      // An older one of ours is claimed anew too: it could be taken over while its issuer is being written.
      if ((await store.put(key, body, { ifMatch: found.etag })) === 'written') return undefined
      const winner = (await claimantOf(store, location)) ?? claim.id
      return winner === id ? undefined : { id: winner, state: 'unfinished' }
    },
  }
}

/** The id that has a location, as far as `reader` knows; its issuer may not be there. */
export async function claimantOf(
  reader: DocumentReader,
  location: IssuerLocation,
): Promise<string | undefined> {
  const found = await reader.get(locationKey(location))
  return found && parseLocationClaim(location, found.body).id
}
