/**
 * Locations where nothing was found a moment ago. Kept apart from the copies, so that whoever asks for nonsense pushes out
 * nothing but nonsense.
 */

import type { IssuerLocation } from '../locations/issuer-location.ts'
import { VACANT_LOCATIONS_MAX } from '../limits.ts'

export interface VacantLocations {
  has(location: IssuerLocation, now: number): boolean
  add(location: IssuerLocation, until: number): void
  delete(location: IssuerLocation): void
}

export function vacantLocations(countMax: number = VACANT_LOCATIONS_MAX): VacantLocations {
  const vacant = new Map<IssuerLocation, number>()
  return {
    has: (location, now) => now < (vacant.get(location) ?? -Infinity),
    delete: (location) => void vacant.delete(location),
    add: (location, until) => {
      vacant.delete(location)
      vacant.set(location, until)
      const [oldest] = vacant.keys()
      if (vacant.size > countMax && oldest !== undefined) vacant.delete(oldest)
    },
  }
}
