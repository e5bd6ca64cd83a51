import { describe, expect, test } from 'vitest'
import { planSettling } from '../../../src/keyring/plan-settling.ts'
import type { Observation } from '../../../src/publication/observation.ts'
import { NOW } from '../../support/fixtures.ts'
import { ACTIVE, aRotating, aSettling, BOUNDS, shows } from '../../support/rotation-fixtures.ts'

const NOTHING = { actions: [], waits: [] }
const NOT_SEEN = { actions: [], waits: [{ reason: 'policy_not_seen', revision: 7 }] }
const settledAt = (seenAt: number) => ({ actions: [{ type: 'settle', seenAt }], waits: [] })

function seenIn(ringVersion: number, at: number): Observation {
  return shows([], at, { ringVersion })
}

describe('a policy that settles', () => {
  test.each([
    ['is not seen where nobody looked', [], NOT_SEEN],
    ['is not seen in a document from before it', [seenIn(6, NOW)], NOT_SEEN],
    ['is seen in the first document that has it', [seenIn(7, NOW)], settledAt(NOW)],
    ['is seen in a later one', [seenIn(9, NOW)], settledAt(NOW)],
    [
      'is seen when it was first',
      [seenIn(6, NOW), seenIn(8, NOW + 5), seenIn(9, NOW + 9)],
      settledAt(NOW + 5),
    ],
  ])('%s', (_title, observations, plan) => {
    const document = aRotating([ACTIVE], { settling: aSettling() })
    expect(planSettling(document, { observations, bounds: BOUNDS })).toEqual(plan)
  })

  test.each([
    ['nothing where nothing settles', {}],
    ['nothing where it was seen', { settling: aSettling({ seenAt: 0 }) }],
  ])('is %s', (_title, members) => {
    const evidence = { observations: [seenIn(9, NOW)], bounds: BOUNDS }
    expect(planSettling(aRotating([ACTIVE], members), evidence)).toEqual(NOTHING)
  })
})
