/**
 * Which keys are or were an issuer's own: what they signed is not a subject token.
 */

import type { KeyRing } from '../issuers/issuer-document.ts'

/** A ring is never changed, and its former keys may be many. */
const known = new WeakMap<object, ReadonlySet<string>>()

/** Of keys of all states, revoked ones too. The `kid` of a key of our own is its fingerprint. */
export function ownFingerprints(ring: Pick<KeyRing, 'keys' | 'former'>): ReadonlySet<string> {
  const before = known.get(ring)
  if (before !== undefined) return before
  const own = new Set([
    ...ring.keys.map(({ kid }) => kid),
    ...ring.former.filter(({ origin }) => origin === 'own').map(({ fingerprint }) => fingerprint),
  ])
  known.set(ring, own)
  return own
}
