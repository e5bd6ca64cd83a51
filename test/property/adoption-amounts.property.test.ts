/**
 * How many keys an issuer may publish: never more of one type than AWS reads, whatever is adopted and withdrawn.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adoptKeys } from '../../src/adoption/adopt-keys.ts'
import type { AdoptableKey } from '../../src/adoption/adoptable-key.ts'
import { amountProblem } from '../../src/adoption/adoption-problems.ts'
import type { KeyRing } from '../../src/issuers/issuer-document.ts'
import { DEFAULT_POLICY, policyProblems } from '../../src/issuers/policy.ts'
import { aRing, EC_JWK, NO_BOUNDS, NOW } from '../support/fixtures.ts'
import { numberedRsaJwk } from '../support/property-keys.ts'

/** As AWS reads it, less four for emergencies. */
const MOST_OF_A_TYPE = 96
/** With the default policy: the active key, its successor, and one that is retained. */
const OWN_KEYS = 3

/** Which of the numbered keys are in a set, by a range of them; every third one is of type EC. */
const anySet = fc.tuple(fc.nat({ max: 150 }), fc.nat({ max: 150 })).map(([from, count]) =>
  Array.from({ length: count }, (_, index): AdoptableKey => {
    const kid = `kid-${from + index}`
    const isEc = (from + index) % 3 === 0
    return isEc
      ? { kid, fingerprint: `print of ${kid}`, alg: 'ES256', publicJwk: EC_JWK }
      : {
          kid,
          fingerprint: `print of ${kid}`,
          alg: 'RS256',
          publicJwk: numberedRsaJwk(from + index),
        }
  }),
)
const anyStep = fc.record({
  set: anySet,
  retention: fc.constantFrom(0, 5, 100),
  wait: fc.constantFrom(0, 4, 5, 100),
})

function countOf({ adopted }: KeyRing, kty: string): number {
  return adopted.filter(({ publicJwk }) => publicJwk.kty === kty).length
}

describe('the amount of keys', () => {
  test.each(['sealed', 'none'] as const)(
    'of custody %s is refused exactly beyond what AWS reads',
    (custody) => {
      const policy = { ...DEFAULT_POLICY, custody }
      const own = custody === 'none' ? 0 : OWN_KEYS
      fc.assert(
        fc.property(fc.array(anyStep, { minLength: 1, maxLength: 5 }), (steps) => {
          let ring = aRing({ keys: [] })
          let now = NOW
          for (const { set, retention, wait } of steps) {
            now += wait
            const changed = adoptKeys(ring, set, retention, now)
            const isTooMany =
              countOf(changed, 'RSA') + own > MOST_OF_A_TYPE ||
              countOf(changed, 'EC') > MOST_OF_A_TYPE
            expect(amountProblem({ policy }, changed, NO_BOUNDS, NOW) !== undefined).toBe(isTooMany)
            expect(policyProblems(policy, NO_BOUNDS, changed.adopted).length > 0).toBe(
              own > 0 && countOf(changed, 'RSA') + own > MOST_OF_A_TYPE,
            )
            ring = isTooMany ? ring : changed
          }
        }),
      )
    },
  )
})
