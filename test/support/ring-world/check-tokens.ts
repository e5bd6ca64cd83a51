/**
 * Whether every token can be verified by everyone, at every time: the worst host, the worst edge, the worst cache.
 */

import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { PublicationBounds } from '../../../src/issuers/policy.ts'
import { retentionInForce, settlingMoments } from '../../../src/issuers/policy-in-force.ts'
import { scheduledKeys } from '../../../src/keyring/key-status.ts'
import { RELYING_PARTY_CACHE_MIN_SECONDS, STALE_IF_ERROR_SECONDS } from '../../../src/limits.ts'
import { renderedKids } from './public-side.ts'
import { type SigningTime, SKEW, signingTimes } from './signing-times.ts'
import type { PublicVersion } from './timeline.ts'
import type { World } from './world.ts'

/** A time in which some relying party may have a set without the key, and how that came. */
interface Lack {
  readonly from: number
  readonly until: number
  readonly why: string
}

export function* verifiable({ timeline, bounds }: World): Iterable<string> {
  const times = signingTimes(timeline)
  const shown = timeline.publicVersions()
  const end = timeline.versions.find(({ stored }) => stored.kind === 'tombstone')?.at ?? Infinity
  for (const kid of new Set(times.map((time) => time.kid))) {
    const isRevoked = timeline.versions.some(
      ({ stored }) =>
        stored.kind === 'issuer' &&
        stored.ring.keys.some((key) => key.kid === kid && key.revokedAt !== undefined),
    )
    const signed = times.filter((time) => time.kid === kid)
    const lacks = lacksOf(shown, kid, bounds).filter(
      ({ from, why }) => from < end && (why === 'not known yet' || !isRevoked),
    )
    const found = lacks.find((lack) => signed.some((time) => isMissed(time, lack)))
    if (found !== undefined) {
      yield `(3) a token cannot be verified from ${found.from} on: its key is ${found.why}`
    }
  }
}

function isMissed(time: SigningTime, { from, until }: Lack): boolean {
  return from < time.verifiedUntil && time.from < until
}

function lacksOf(shown: readonly PublicVersion[], kid: string, bounds: PublicationBounds): Lack[] {
  const first = shown.findIndex((each) => hasKey(each, kid))
  return shown.flatMap((each, index): Lack[] => {
    const { stored } = each.version
    // A set without keys is never given: nobody can have cached it.
    if (stored.kind !== 'issuer' || isEmpty(stored)) return []
    const { documentStalenessSeconds, lastGoodSeconds } = bounds
    const { jwksMaxAgeSeconds } = stored.policy
    const oldest = documentStalenessSeconds + lastGoodSeconds
    const relyingParty = Math.max(jwksMaxAgeSeconds, RELYING_PARTY_CACHE_MIN_SECONDS)
    // Each of the two also hands out what has expired, as long as it fails to get another.
    const cached = jwksMaxAgeSeconds + relyingParty + 2 * STALE_IF_ERROR_SECONDS
    // What is older than declared shows what it should not show any more; it only must not let a key sign too early.
    const until = Math.min(each.until, each.storedUntil) + oldest
    if (first === -1 || index < first) {
      return [{ from: each.from, until: each.until + oldest + cached, why: 'not known yet' }]
    }
    const from = leavesAt(each, stored, kid, bounds)
    if (from === undefined || from >= until) return []
    return [{ from, until: until + cached, why: 'not published any more' }]
  })
}

function isEmpty({ ring }: IssuerDocument): boolean {
  return ring.keys.length + ring.adopted.length === 0
}

function hasKey({ version }: PublicVersion, kid: string): boolean {
  return version.stored.kind === 'issuer' && version.stored.ring.keys.some((key) => key.kid === kid)
}

/** The first true time at which some host renders this version without the key. */
function leavesAt(
  shown: PublicVersion,
  document: IssuerDocument,
  kid: string,
  bounds: PublicationBounds,
): number | undefined {
  if (!hasKey(shown, kid)) return shown.from
  const { supersededAt } =
    scheduledKeys(document.ring.keys).find((each) => each.key.kid === kid) ?? {}
  const begins = Math.floor(shown.from)
  const settled = settlingMoments(document, bounds).map(Math.floor)
  const retentions = [begins, ...settled].map((at) => retentionInForce(document, bounds, at))
  const clocks = [
    begins + SKEW,
    ...settled,
    ...retentions.flatMap((kept) => (supersededAt === undefined ? [] : [supersededAt + kept])),
  ]
  const lacking = clocks.filter(
    (clock) => clock >= begins && !renderedKids(document, bounds, clock).has(kid),
  )
  if (lacking.length === 0) return undefined
  return Math.max(Math.min(...lacking) - SKEW, shown.from)
}
