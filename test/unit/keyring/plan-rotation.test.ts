import { describe, expect, test } from 'vitest'
import { nextRevision } from '../../../src/issuers/issuer-changes.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { withAction } from '../../../src/keyring/changed-ring.ts'
import { planRotation } from '../../../src/keyring/plan-rotation.ts'
import type { Observation } from '../../../src/publication/observation.ts'
import { aKey, anIssuer, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aReservation,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  DAY,
  EC_MEMBERS,
  POLICY,
  shows,
} from '../../support/rotation-fixtures.ts'

const SUCCESSOR = aSuccessor()
const SEEN = aSuccessor({ firstSeenAt: NOW })

function namesOf(
  document: IssuerDocument,
  now: number,
  observations: readonly Observation[] = [],
): string[] {
  const { actions, waits } = planRotation(document, { observations, bounds: BOUNDS }, now)
  return [...actions.map(({ type }) => type), ...waits.map(({ reason }) => reason)]
}

describe('the plan', () => {
  test('of a new issuer is its first key', () => {
    expect(namesOf(anIssuer({ ring: aRotating([]).ring }), NOW)).toEqual(['create'])
  })

  test('of a ring in order is nothing', () => {
    const successor = { ...SEEN, activatesAt: NOW + POLICY.rotationPeriodSeconds }
    expect(namesOf(aRotating([ACTIVE, successor]), NOW)).toEqual([])
  })

  test('of an issuer that only publishes is nothing', () => {
    const policy = { ...POLICY, custody: 'none' as const }
    expect(namesOf(aRotating([], { policy }), NOW)).toEqual([])
  })

  test('goes by what was observed in order, whichever came first', () => {
    const observations = [shows([SUCCESSOR], NOW + 400), shows([SUCCESSOR], NOW + 5)]
    const { actions } = planRotation(
      aRotating([ACTIVE, SUCCESSOR]),
      { observations, bounds: BOUNDS },
      NOW + 400,
    )
    expect(actions).toMatchObject([{ type: 'see', firstSeenAt: NOW + 5 }, { type: 'confirm' }])
  })

  test.each([
    ['of this document', 9, ['settle', 'see', 'successor_seen_once']],
    ['of no document that was written', 10, ['policy_not_seen', 'successor_not_seen']],
  ])('goes by what was observed %s or not', (_title, ringVersion, names) => {
    const document = aRotating([ACTIVE, SUCCESSOR], { settling: aSettling() })
    expect(namesOf(document, NOW, [shows([SUCCESSOR], NOW, { ringVersion })])).toEqual(names)
  })

  test('has all that is due at once: the policy, the proof, what is made, what leaves', () => {
    const keys = [aKey({ kid: 'kid-old', activatesAt: NOW - 9 * DAY }), ACTIVE]
    const members = { settling: aSettling() }
    const lapsed = { reservation: aReservation({ reservedAt: NOW - DAY }) }
    const observations = [shows([SUCCESSOR], NOW + DAY)]
    expect(namesOf(aRotating(keys, members, lapsed), NOW + DAY, observations)).toEqual([
      'settle',
      'prune',
      'abandon',
      'create',
    ])
    expect(namesOf(aRotating([...keys, SUCCESSOR], members), NOW + DAY, observations)).toEqual([
      'settle',
      'see',
      'prune',
      'successor_seen_once',
    ])
  })
})

describe('once more, after what was planned was done, nothing is planned', () => {
  const other = aSuccessor(EC_MEMBERS)
  const late = { ...SEEN, activatesAt: NOW + 99 * DAY }

  test.each<[string, IssuerDocument, number]>([
    ['seen and settled', aRotating([ACTIVE, SUCCESSOR], { settling: aSettling() }), NOW],
    ['confirmed', aRotating([ACTIVE, SEEN, other]), NOW + 360],
    ['confirmed late', aRotating([ACTIVE, SEEN]), NOW + 99 * DAY],
    ['rescheduled', aRotating([ACTIVE, late]), NOW],
    ['rescheduled late', aRotating([ACTIVE, late]), NOW + 50 * DAY],
    [
      'abandoned',
      aRotating([ACTIVE, late], {}, { reservation: aReservation({ reservedAt: NOW - DAY }) }),
      NOW + 50 * DAY,
    ],
    ['pruned', aRotating([aKey({ kid: 'kid-old', activatesAt: 9 }), ACTIVE, late]), NOW + DAY],
  ])('%s', (_title, document, now) => {
    const observations = [shows([ACTIVE, SUCCESSOR, other], now)]
    const evidence = { observations, bounds: BOUNDS }
    const { actions } = planRotation(document, evidence, now)
    expect(actions).not.toEqual([])
    let after = nextRevision(document, now)
    for (const action of actions) {
      if (action.type !== 'create') after = withAction(after, action, now)
    }
    expect(planRotation(after, evidence, now).actions).toEqual([])
    // Nor a little later, or by a clock that is behind.
    expect(planRotation(after, evidence, now + 59).actions).toEqual([])
    expect(planRotation(after, evidence, now - 60).actions).toEqual([])
  })
})
