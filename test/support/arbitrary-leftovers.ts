/**
 * Arbitrary memories of what is under way: a key that is being made, what a ring has forgotten, a policy that settles.
 */

import * as fc from 'fast-check'
import { SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import type { Leftover, Reservation } from '../../src/issuers/key-record.ts'
import type { PolicySettling } from '../../src/issuers/policy-settling.ts'
import { KEY_CUSTODIES, type KeyRef } from '../../src/signers/key-manager.ts'

const unixSeconds = fc.nat({ max: Number.MAX_SAFE_INTEGER })

function placeOf(secret: fc.Arbitrary<string>) {
  return {
    slot: secret,
    alg: fc.constantFrom(...SIGNING_ALGORITHMS),
    custody: fc.constantFrom(...KEY_CUSTODIES),
  }
}

export function reservation(secret: fc.Arbitrary<string>): fc.Arbitrary<Reservation> {
  return fc.record({ ...placeOf(secret), reservedAt: unixSeconds })
}

/** A key that is, or may be, kept elsewhere. */
export function leftover(secret: fc.Arbitrary<string>): fc.Arbitrary<Leftover> {
  return fc.record(
    {
      ...placeOf(secret),
      forgottenAt: unixSeconds,
      kid: secret,
      keyRef: secret as fc.Arbitrary<KeyRef>,
      deletion: fc.record({
        scheduledAt: unixSeconds,
        windowDays: fc.integer({ min: 1, max: 365 }),
      }),
      keptAt: unixSeconds,
    },
    { requiredKeys: ['slot', 'alg', 'custody', 'forgottenAt'] },
  )
}

/** What of an earlier policy is in force: everyone may know it. */
export const settling: fc.Arbitrary<PolicySettling> = fc.record(
  {
    revision: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    jwksMaxAgeSeconds: unixSeconds,
    tokenTtlMaxSeconds: unixSeconds,
    mintedTtlMaxSeconds: unixSeconds,
    seenAt: unixSeconds,
  },
  {
    requiredKeys: ['revision', 'jwksMaxAgeSeconds', 'tokenTtlMaxSeconds', 'mintedTtlMaxSeconds'],
  },
)
