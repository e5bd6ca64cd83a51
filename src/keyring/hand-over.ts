/**
 * When one key hands over to the next: by the policy, by what relying parties may have cached, and with notice for hosts.
 *
 * Pure. Moments in Unix seconds.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { propagationInForce } from '../issuers/policy-in-force.ts'
import { HAND_OVER_NOTICE_SECONDS } from '../limits.ts'
import { activeKey, scheduledKeys } from './key-status.ts'
import { isOfPolicy } from './of-policy.ts'

/** The earliest hand-over that may be written, moved or moved to: hosts have to hear of it before it comes. */
export function earliestHandOver(now: number): number {
  return now + HAND_OVER_NOTICE_SECONDS
}

/** Whether the key's first signature may still be moved, or the key be taken out before it. */
export function isMovable({ activatesAt }: KeyRecord, now: number): boolean {
  return activatesAt === undefined || activatesAt >= earliestHandOver(now)
}

/** The keys that wait for their time: in the ring, not revoked, and not signing yet. */
export function standingKeys({ ring }: IssuerDocument, now: number): KeyRecord[] {
  return ring.keys.filter(
    ({ activatesAt, revokedAt }) =>
      revokedAt === undefined && (activatesAt === undefined || activatesAt > now),
  )
}

/**
 * The standing key that the policy wants: of several the one whose proof has come furthest. While no key signs, any that
 * stands by is wanted.
 */
export function wantedSuccessor(document: IssuerDocument, now: number): KeyRecord | undefined {
  const standing = standingKeys(document, now)
  const wanted = isWithoutSigner(document, now)
    ? standing
    : standing.filter((key) => isOfPolicy(key, document.policy))
  return (
    wanted
      .filter(({ activatesAt }) => activatesAt !== undefined)
      .toSorted((a, b) => (a.activatesAt ?? 0) - (b.activatesAt ?? 0))[0] ??
    wanted.find(({ firstSeenAt }) => firstSeenAt !== undefined) ??
    wanted[0]
  )
}

/** Whether the last key that signed was revoked with nobody to follow it. */
export function isWithoutSigner({ ring }: IssuerDocument, now: number): boolean {
  // The last one that signed never leaves its ring; one that was revoked before it did leaves nobody waiting.
  const hasSigned = scheduledKeys(ring.keys).some(({ activatesAt }) => activatesAt <= now)
  return hasSigned && activeKey(ring.keys, now) === undefined
}

/** The moment at which `successor`, seen at `firstSeenAt`, should start to sign: notice for hosts is not in it. */
export function dueHandOver(
  document: IssuerDocument,
  { successor, firstSeenAt }: { readonly successor: KeyRecord; readonly firstSeenAt: number },
  bounds: PublicationBounds,
  now: number,
): number {
  const { delaySeconds, leastSeconds } = propagationInForce(document, bounds, now)
  // While no key signs, waiting for more than caches do helps nobody.
  const delay = isWithoutSigner(document, now) ? leastSeconds : delaySeconds
  return Math.max(firstSeenAt + delay, endOfPeriod(document, successor, now))
}

/** When the predecessor's period is over, or it was revoked: at once for one that the policy does not want any more. */
function endOfPeriod(document: IssuerDocument, successor: KeyRecord, now: number): number {
  const { policy, ring } = document
  const staying = ring.keys.filter(
    (key) => key.kid !== successor.kid && !isReplaceable(key, now) && key.activatesAt !== undefined,
  )
  const predecessor = scheduledKeys(staying).at(-1)?.key
  if (predecessor?.activatesAt === undefined || !isOfPolicy(predecessor, policy)) return 0
  const end = predecessor.activatesAt + policy.rotationPeriodSeconds
  return Math.min(end, predecessor.revokedAt ?? Infinity)
}

/** Whether the key can leave the ring once another one is sure to follow: it has not signed, and will not for a while. */
export function isReplaceable(key: KeyRecord, now: number): boolean {
  return key.revokedAt === undefined && isMovable(key, now)
}
