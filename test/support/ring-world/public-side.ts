/**
 * The public documents of the simulated world: rendered by edges from copies as old as they may be, and kept by caches on the
 * way for as long as they may.
 *
 * Reads alone: nothing here can write.
 */

import { buildJwkSet } from '../../../src/documents/jwk-set.ts'
import type { PublicIssuer } from '../../../src/issuers/issuer-document.ts'
import type { PublicationBounds } from '../../../src/issuers/policy.ts'
import { retentionInForce } from '../../../src/issuers/policy-in-force.ts'
import { publishedRing } from '../../../src/keyring/published-ring.ts'
import { STALE_IF_ERROR_SECONDS } from '../../../src/limits.ts'
import type { JsonObject } from '../../../src/json.ts'
import { notObserved, type Observed } from '../../../src/publication/observation.ts'
import { observedKeys } from '../../../src/publication/observed-keys.ts'
import type { Look, Tampering } from './history.ts'
import type { Timeline } from './timeline.ts'

/** What an edge gave to somebody who looked. */
export interface Answer {
  readonly observed: Observed
  /** True time of the answer. */
  readonly at: number
}

export interface PublicSide {
  readonly timeline: Timeline
  readonly bounds: PublicationBounds
}

/** The members of the set that a host renders from this version by its clock. */
export function renderedKids(
  issuer: PublicIssuer,
  bounds: PublicationBounds,
  now: number,
): ReadonlySet<string> {
  const keys = publishedRing(issuer.ring, retentionInForce(issuer, bounds, now), now)
  return new Set(keys.map(({ kid }) => kid))
}

/** What caches keep is as old as its own header allows. */
function keptSeconds(issuer: PublicIssuer | undefined): number {
  return issuer === undefined ? 0 : issuer.policy.jwksMaxAgeSeconds + STALE_IF_ERROR_SECONDS
}

/** `seenAt`: by the clock of whoever looks. */
export function lookAt(
  { timeline, bounds }: PublicSide,
  { cached, stale, isLastGood, edgeSkew, tampering }: Look,
  seenAt: number,
  now: number,
): Answer {
  const oldest = bounds.documentStalenessSeconds + (isLastGood ? bounds.lastGoodSeconds : 0)
  const versionAt = (age: number): PublicIssuer | undefined =>
    timeline.publicAt(now - age - stale * oldest)
  const age = cached * keptSeconds(versionAt(0))
  const isKept = age <= keptSeconds(versionAt(age))
  const renderedAt = now - (isKept ? age : 0)
  const issuer = versionAt(now - renderedAt)
  if (issuer === undefined) return { observed: notObserved('bad_status', 'no issuer'), at: now }
  const clock = Math.floor(renderedAt + edgeSkew)
  const published = publishedRing(issuer.ring, retentionInForce(issuer, bounds, clock), clock)
  if (published.length === 0) return { observed: notObserved('bad_status', 'no key'), at: now }
  const members = buildJwkSet(published).keys as readonly JsonObject[]
  const ringVersion = issuer.revision + (tampering === 'ahead' ? VERSIONS_AHEAD : 0)
  const keys = observedKeys(tamperedWith(members, tampering))
  return { observed: { ok: true, observation: { at: seenAt, ringVersion, keys } }, at: now }
}

/**
 * More than a history writes, as of a document that was taken back. Whoever shows an old document as one that was written since
 * can make an old max-age be forgotten too early: nothing else in it says which one it is.
 */
const VERSIONS_AHEAD = 10_000

const SWAPPED = {
  ES256: { kty: 'EC', crv: 'P-256', x: 'not-this-x', y: 'not-this-y' },
  RS256: { kty: 'RSA', n: 'not-this-modulus', e: 'AQAB' },
} as const

/** The newest key is what rotations look for. */
function tamperedWith(members: readonly JsonObject[], tampering: Tampering): JsonObject[] {
  const newest = members.findLast(({ alg }) => alg === 'ES256' || alg === 'RS256')
  if (newest === undefined) return [...members]
  const others = members.filter((member) => member !== newest)
  switch (tampering) {
    case 'none':
    case 'ahead':
      return [...members]
    case 'hidden':
      return others
    case 'twice':
      return [...members, newest]
    case 'swapped':
      return [...others, { ...newest, ...SWAPPED[newest['alg'] as 'ES256' | 'RS256'] }]
    case 'renamed algorithm':
      return [...others, { ...newest, alg: 'ES512' }]
  }
}
