/**
 * When hosts sign with which key, as early and as late as their clocks and their copies of the ring allow.
 */

import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { mintedTtlMaxSeconds } from '../../../src/issuers/policy-in-force.ts'
import { activeKey } from '../../../src/keyring/key-status.ts'
import {
  EXPIRY_LEEWAY_SECONDS,
  SIGNER_STALENESS_SECONDS,
  TOKEN_BACKDATE_SECONDS,
} from '../../../src/limits.ts'
import type { Timeline } from './timeline.ts'

/** Of any clock from the true time: two of them then differ by the clock skew at most. */
export const SKEW = 30

/** A version while some host goes by it. */
export interface Reign {
  readonly document: IssuerDocument
  readonly by: string
  readonly from: number
  /** Of the next version; copies of this one are used a little longer. */
  readonly until: number
}

/** Signatures of one key by one version of the ring, in true time. */
export interface SigningTime {
  readonly kid: string
  readonly from: number
  readonly until: number
  /** Until when some relying party takes one of its tokens. */
  readonly verifiedUntil: number
}

/** The versions of an issuer until it is deleted. */
export function reignsOf({ versions }: Timeline): Reign[] {
  return versions.flatMap(({ stored, at, by }, index) => {
    if (stored.kind !== 'issuer') return []
    return [{ document: stored, by, from: at, until: versions[index + 1]?.at ?? Infinity }]
  })
}

/** The stretches between the moments of a ring, by a host's clock: in each of them one key signs, or none. */
export function stretches(
  { ring }: IssuerDocument,
  from: number,
  until: number,
): { readonly from: number; readonly until: number; readonly kid: string | undefined }[] {
  const moments = ring.keys
    .flatMap(({ activatesAt = -Infinity, revokedAt = -Infinity }) => [activatesAt, revokedAt])
    .filter((moment) => from < moment && moment < until)
  const starts = [...new Set([from, ...moments])].toSorted((a, b) => a - b)
  return starts.map((start, index) => ({
    from: start,
    until: starts[index + 1] ?? until,
    kid: activeKey(ring.keys, start)?.kid,
  }))
}

export function signingTimes(timeline: Timeline): SigningTime[] {
  return reignsOf(timeline).flatMap(({ document, from, until }) => {
    if (document.policy.custody === 'none') return []
    const last = until + SIGNER_STALENESS_SECONDS
    const clocks = stretches(document, Math.floor(from - SKEW), last + SKEW)
    return clocks.flatMap((stretch) => {
      if (stretch.kid === undefined) return []
      const lastClock = Math.min(stretch.until, last + SKEW)
      const expiresAt = lastClock - TOKEN_BACKDATE_SECONDS + mintedTtlMaxSeconds(document)
      return [
        {
          kid: stretch.kid,
          from: Math.max(from, stretch.from - SKEW),
          until: Math.min(last, stretch.until + SKEW),
          verifiedUntil: expiresAt + EXPIRY_LEEWAY_SECONDS + SKEW,
        },
      ]
    })
  })
}
