/**
 * Whether each key was seen by the public before it signed, held against what was really shown.
 */

import { isSameKey } from '../../../src/crypto/public-jwk.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { leastPropagationDelaySeconds } from '../../../src/issuers/policy.ts'
import { mintedTtlMaxSeconds } from '../../../src/issuers/policy-in-force.ts'
import { CLOCK_SKEW_SECONDS } from '../../../src/limits.ts'
import type { Observation } from '../../../src/publication/observation.ts'
import { TOLD_SECONDS_MAX } from './history.ts'
import { type Reign, reignsOf, SKEW, signingTimes } from './signing-times.ts'
import type { World } from './world.ts'

export function* seenFirst(world: World): Iterable<string> {
  const reigns = reignsOf(world.timeline)
  const signed = new Set(signingTimes(world.timeline).map(({ kid }) => kid))
  for (const kid of signed) {
    const confirmed = reigns.findIndex(({ document }) => momentOf(document, kid) !== undefined)
    const reign = reigns[confirmed]
    if (reign === undefined || isFirstKey(reign.document, kid)) continue
    yield* proofProblems(world, reigns, { kid, confirmed })
    const isMismatched = world.keys.keys.some((key) => key.kid === kid && key.isMismatched)
    if (isMismatched) yield `(2) a key signs what its public key does not verify`
  }
}

/** It signs since the moment at which it was made. */
function isFirstKey({ ring }: IssuerDocument, kid: string): boolean {
  const key = ring.keys.find((each) => each.kid === kid)
  const isAlone = ring.keys.length + ring.former.length + ring.adopted.length === 1
  return isAlone && (key?.activatesAt ?? Infinity) <= (key?.publishedAt ?? 0)
}

function* proofProblems(
  { sightings, bounds }: World,
  reigns: readonly Reign[],
  { kid, confirmed }: { readonly kid: string; readonly confirmed: number },
): Iterable<string> {
  const reign = reigns[confirmed]
  const key = reign?.document.ring.keys.find((each) => each.kid === kid)
  if (reign === undefined || key === undefined) return
  const seen = sightings
    .filter(({ at, observation }) => at <= reign.from && shows(observation, key, reign.document))
    .map(({ at }) => at)
  const first = Math.min(...seen)
  const last = Math.max(...seen)
  if (seen.length < 2) {
    yield `(2) a key is confirmed that was seen ${seen.length} times`
    return
  }
  const { policy } = reign.document
  // Of two hosts, and of what somebody outside has seen a little before he says it.
  const imprecise = CLOCK_SKEW_SECONDS + TOLD_SECONDS_MAX + 1
  const apart = policy.jwksMaxAgeSeconds + bounds.documentStalenessSeconds - imprecise
  if (last - first < apart) yield `(2) a key is confirmed by sightings that are near`
  // As its moment was last decided.
  const decided = reigns.findLast(({ document }, index) => {
    const before = reigns[index - 1]?.document
    return (
      momentOf(document, kid) !== undefined &&
      (before === undefined || momentOf(before, kid) !== momentOf(document, kid))
    )
  })
  if (decided === undefined) return
  const { document } = decided
  const isUrgent = document.ring.keys.some(({ revokedAt }) => revokedAt !== undefined)
  const least = leastPropagationDelaySeconds(document.policy, bounds)
  const delay = isUrgent ? least : document.policy.propagationDelaySeconds
  const activatesAt = momentOf(document, kid) ?? Infinity
  if (activatesAt - SKEW < first + delay - CLOCK_SKEW_SECONDS - 2) {
    yield `(2) a key signs at ${activatesAt}, seen since ${first}, after less than the delay of ${delay}`
  }
}

/** Hosts with an older copy let a key go by the lifetimes that it says. */
export function* shownLifetimes({ sightings, timeline }: World): Iterable<string> {
  const reigns = reignsOf(timeline)
  const published = reigns.findIndex(({ document }) => hasKeys(document))
  for (const [index, { document, from }] of reigns.entries()) {
    const seen = sightings.filter(({ at }) => at <= from)
    const newest = Math.max(...seen.map(({ observation }) => observation.ringVersion))
    const shown = reigns
      .slice(0, index + 1)
      .filter((each, place) => place <= published || each.document.revision <= newest)
      .map((each) => each.document.policy.tokenTtlMaxSeconds)
    const minted = mintedTtlMaxSeconds(document)
    if (published !== -1 && index > published && minted > Math.max(...shown)) {
      yield `(3) tokens live for ${minted} s from ${from} on, which nobody has seen in the public copy`
    }
  }
}

function hasKeys({ ring }: IssuerDocument): boolean {
  return ring.keys.length + ring.adopted.length > 0
}

function momentOf({ ring }: IssuerDocument, kid: string): number | undefined {
  return ring.keys.find((key) => key.kid === kid)?.activatesAt
}

function shows(
  { ringVersion, keys }: Observation,
  key: KeyRecord,
  { revision }: IssuerDocument,
): boolean {
  if (ringVersion < key.publishedRevision || ringVersion > revision) return false
  const named = keys.filter(({ kid }) => kid === key.kid)
  const [only] = named
  if (only === undefined || named.length > 1) return false
  return only.alg === key.alg && isSameKey(only.publicJwk, key.publicJwk)
}
