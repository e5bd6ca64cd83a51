/**
 * Stored bytes ↔ claims of locations. Strict, as `issuer-codec.ts` is; `docs/storage-schema.md` changes with this file.
 */

import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { parseJson } from '../json.ts'
import type { IssuerLocation } from './issuer-location.ts'

const CLAIM_VERSION = 1

export interface LocationClaim {
  readonly location: IssuerLocation
  /** Of the issuer that has it. */
  readonly id: string
  readonly claimedAt: number
}

const stored = z.strictObject({
  version: z.literal(CLAIM_VERSION),
  location: z.string(),
  id: z.string().check(z.minLength(1)),
  claimedAt: z.int().check(z.nonnegative()),
})

export function formatLocationClaim({ location, id, claimedAt }: LocationClaim): string {
  return JSON.stringify({ version: CLAIM_VERSION, location, id, claimedAt })
}

/** Throws fault `document_corrupt`, naming the location. */
export function parseLocationClaim(location: IssuerLocation, body: string): LocationClaim {
  const parsed = stored.safeParse(parseJson(body))
  if (parsed.success && parsed.data.location === location) {
    const { id, claimedAt } = parsed.data
    return { location, id, claimedAt }
  }
  throw new Fault(
    'document_corrupt',
    `the claim of the location ${location} cannot be read: restore it from a backup`,
  )
}
