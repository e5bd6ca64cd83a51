/**
 * Why a set of good keys may still not be adopted by this issuer, each a sentence.
 */

import { isSameKey } from '../crypto/public-jwk.ts'
import type { IssuerDocument, KeyRing } from '../issuers/issuer-document.ts'
import type { PublishedKey } from '../issuers/key-record.ts'
import { ownKeysMax, type PublicationBounds } from '../issuers/policy.ts'
import { policyInForce } from '../issuers/policy-in-force.ts'
import { ALGORITHMS } from '../crypto/algorithms.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import { FORMER_KEYS_MAX, PUBLISHED_KEYS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'
import type { AdoptableKey } from './adoptable-key.ts'

/** The first problem of each key, in the order of the set. */
export function adoptionProblems(
  ring: KeyRing,
  keys: readonly AdoptableKey[],
  now: number,
): string[] {
  return keys.flatMap((key, index) => {
    const problem =
      historyProblem(ring, key) ??
      kidConflict(ring, key, now) ??
      (keys.slice(0, index).some((earlier) => meansAnother(key, earlier))
        ? 'has the kid of another key of the set: each key needs a kid of its own'
        : undefined)
    return problem === undefined ? [] : [`key ${index + 1} (kid ${shown(key.kid)}) ${problem}`]
  })
}

/** What this key was before, whatever it is called now. A key of our own is called by its fingerprint. */
function historyProblem(
  { keys, former }: KeyRing,
  { fingerprint }: AdoptableKey,
): string | undefined {
  const own = keys.find(({ kid }) => kid === fingerprint)
  const past = former.filter((key) => key.fingerprint === fingerprint)
  if ([own, ...past].some((key) => key?.revokedAt !== undefined)) {
    return 'was revoked, and a revoked key is never published again: have the cluster sign with another one'
  }
  if (own !== undefined || past.some(({ origin }) => origin === 'own')) {
    return "is or was this issuer's own key, which is published by itself: leave it out of the set"
  }
  return undefined
}

/** A kid is free again once its key is no longer published, whether or not the ring still has it. */
function kidConflict(
  { keys, adopted, former }: KeyRing,
  key: AdoptableKey,
  now: number,
): string | undefined {
  const own = [...keys, ...former.filter(({ origin }) => origin === 'own')]
  const published = adopted.filter((known) => isPublishedAdoptedKey(known, now))
  const isTaken =
    own.some(({ kid }) => kid === key.kid) || published.some((known) => meansAnother(key, known))
  if (!isTaken) return undefined
  return 'has a kid that already names another key of this issuer, or this key with another alg, and a relying party knows keys by it: give the key a kid of its own, or drop the other one first (adopt the set without it and with retention 0, which is --now)'
}

/** Whether a kid already names another key, or the same one with another algorithm. */
function meansAnother(key: AdoptableKey, known: PublishedKey): boolean {
  if (key.kid !== known.kid) return false
  return key.alg !== known.alg || !isSameKey(key.publicJwk, known.publicJwk)
}

/** What is wrong with how much the issuer would publish, or `undefined`. `ring`: as it would be. */
export function amountProblem(
  document: Pick<IssuerDocument, 'policy' | 'settling'>,
  ring: KeyRing,
  bounds: PublicationBounds,
  now: number,
): string | undefined {
  const { adopted, former, keys } = ring
  if (former.length > FORMER_KEYS_MAX) {
    return `an issuer remembers at most ${FORMER_KEYS_MAX} keys that left it, got ${former.length} with this set: create another issuer for this cluster`
  }
  for (const kty of ['RSA', 'EC'] as const) {
    const inRing = keys.filter(({ publicJwk }) => publicJwk.kty === kty).length
    const policy = policyInForce(document, bounds, now)
    const byPolicy = ALGORITHMS[policy.algorithm].kty === kty ? ownKeysMax(policy, bounds) : 0
    // Also those of an earlier algorithm, or of a shorter period, which stay until their tokens have expired.
    const own = Math.max(byPolicy, inRing)
    const ofType = adopted.filter(({ publicJwk }) => publicJwk.kty === kty)
    const withdrawn = ofType.filter(({ withdrawal }) => withdrawal !== undefined).length
    const count = own + ofType.length
    if (count > PUBLISHED_KEYS_MAX) {
      return `the set must leave at most ${PUBLISHED_KEYS_MAX} ${kty} keys published at once (AWS reads 100), got ${ofType.length - withdrawn}, which leaves ${count} with up to ${own} of the issuer's own and ${withdrawn} withdrawn ones: leave some out, or drop the withdrawn ones (retention 0, which is --now)`
    }
  }
  return undefined
}
