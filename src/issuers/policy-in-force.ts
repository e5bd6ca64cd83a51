/**
 * What of an earlier policy is still in force, derived: hosts with an old copy still go by it, and so do relying parties and
 * tokens that got its values.
 *
 * A lowered max-age or token TTL stays in force until the public documents have shown the new policy, plus their staleness,
 * plus twice the old value and what caches add to it while origins fail. A raised TTL is minted only once they have shown it:
 * a host with an old copy would let a key go before its tokens expire.
 */

import { STALE_IF_ERROR_SECONDS } from '../limits.ts'
import { hasEverPublished } from './ever-published.ts'
import type { IssuerDocument, PublicIssuer } from './issuer-document.ts'
import {
  CACHES_IN_A_ROW,
  type IssuerPolicy,
  leastPropagationDelaySeconds,
  type PublicationBounds,
  retentionSeconds,
} from './policy.ts'

type PolicyState = Pick<PublicIssuer, 'policy' | 'settling'>
type LoweredSetting = 'jwksMaxAgeSeconds' | 'tokenTtlMaxSeconds'

/** The policy with the largest values that are still in force. */
export function policyInForce(
  issuer: PolicyState,
  bounds: PublicationBounds,
  now: number,
): IssuerPolicy {
  const { policy } = issuer
  const largest = (setting: LoweredSetting): number =>
    now < settledAt(issuer, setting, bounds)
      ? Math.max(policy[setting], issuer.settling?.[setting] ?? 0)
      : policy[setting]
  return {
    ...policy,
    jwksMaxAgeSeconds: largest('jwksMaxAgeSeconds'),
    tokenTtlMaxSeconds: largest('tokenTtlMaxSeconds'),
  }
}

/** How long a superseded key stays published, by the values in force. */
export function retentionInForce(
  issuer: PolicyState,
  bounds: PublicationBounds,
  now: number,
): number {
  return retentionSeconds(policyInForce(issuer, bounds, now), bounds)
}

/** From its first sighting to its first signature, at least: by the policy, and by what caches may still hold. */
export function propagationInForce(
  issuer: PolicyState,
  bounds: PublicationBounds,
  now: number,
): { readonly delaySeconds: number; readonly leastSeconds: number } {
  const leastSeconds = leastPropagationDelaySeconds(policyInForce(issuer, bounds, now), bounds)
  return {
    delaySeconds: Math.max(issuer.policy.propagationDelaySeconds, leastSeconds),
    leastSeconds,
  }
}

/** The longest lifetime of a token that is minted now. */
export function mintedTtlMaxSeconds({ policy, settling }: PolicyState): number {
  if (settling === undefined || settling.seenAt !== undefined) return policy.tokenTtlMaxSeconds
  return Math.min(policy.tokenTtlMaxSeconds, settling.mintedTtlMaxSeconds)
}

/** The moments at which a larger old value ceases to be in force, as far as they are known. */
export function settlingMoments(issuer: PolicyState, bounds: PublicationBounds): number[] {
  const moments = [
    settledAt(issuer, 'jwksMaxAgeSeconds', bounds),
    settledAt(issuer, 'tokenTtlMaxSeconds', bounds),
  ]
  return moments.filter((moment) => Number.isFinite(moment))
}

/** The document under `policy`, with what of the present one stays in force. `document.revision`: that of the change. */
export function withPolicy(
  document: IssuerDocument,
  policy: IssuerPolicy,
  bounds: PublicationBounds,
  now: number,
): IssuerDocument {
  const { settling: before, ...rest } = document
  if (isSameForReaders(document.policy, policy)) return { ...document, policy }
  const inForce = policyInForce(document, bounds, now)
  const minted = Math.min(mintedTtlMaxSeconds(document), policy.tokenTtlMaxSeconds)
  const changed = { ...rest, policy }
  const isUnseen = before !== undefined && before.seenAt === undefined
  if (!isUnseen && !needsSettling(document, policy, inForce)) return changed
  return {
    ...changed,
    settling: {
      revision: document.revision,
      jwksMaxAgeSeconds: inForce.jwksMaxAgeSeconds,
      tokenTtlMaxSeconds: inForce.tokenTtlMaxSeconds,
      mintedTtlMaxSeconds: minted,
    },
  }
}

function needsSettling(
  { policy: before, ring }: IssuerDocument,
  after: IssuerPolicy,
  inForce: IssuerPolicy,
): boolean {
  // Nobody goes by the policy of an issuer that has never published anything.
  if (!hasEverPublished(ring)) return false
  return (
    inForce.jwksMaxAgeSeconds > after.jwksMaxAgeSeconds ||
    inForce.tokenTtlMaxSeconds > after.tokenTtlMaxSeconds ||
    after.tokenTtlMaxSeconds > before.tokenTtlMaxSeconds
  )
}

function isSameForReaders(a: IssuerPolicy, b: IssuerPolicy): boolean {
  return (
    a.jwksMaxAgeSeconds === b.jwksMaxAgeSeconds && a.tokenTtlMaxSeconds === b.tokenTtlMaxSeconds
  )
}

/** From when on an old value is not in force any more: -Infinity where there is none, Infinity while that is not known. */
function settledAt(
  { settling }: PolicyState,
  setting: LoweredSetting,
  { documentStalenessSeconds, lastGoodSeconds }: PublicationBounds,
): number {
  if (settling === undefined) return -Infinity
  if (settling.seenAt === undefined) return Infinity
  const cached = CACHES_IN_A_ROW * (settling[setting] + STALE_IF_ERROR_SECONDS)
  return settling.seenAt + documentStalenessSeconds + lastGoodSeconds + cached
}
