import { describe, expect, test } from 'vitest'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { planSuccessor } from '../../../src/keyring/plan-successor.ts'
import { secondSightingAt } from '../../../src/keyring/second-sighting.ts'
import type { RotationAction, RotationPlan } from '../../../src/keyring/rotation-plan.ts'
import type { Observation } from '../../../src/publication/observation.ts'
import { EC_JWK, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  EXPIRED_COPIES,
  EC_MEMBERS,
  HOUR,
  POLICY,
  shows,
} from '../../support/rotation-fixtures.ts'

const NOTHING: RotationPlan = { actions: [], waits: [] }
const SUCCESSOR = aSuccessor()
const SEEN = aSuccessor({ firstSeenAt: NOW })
/** When what is observed counts as the second sighting. */
const AGAIN = NOW + 360
const END = NOW + POLICY.rotationPeriodSeconds
const NOTICE = 160
/** Of the policy, from the first sighting on. */
const DELAY = 2 * HOUR

interface Given {
  readonly observations?: readonly Observation[]
  readonly members?: Partial<IssuerDocument>
}

function planAt(
  keys: readonly KeyRecord[],
  now: number,
  { observations = [], members = {} }: Given = {},
): RotationPlan {
  return planSuccessor(aRotating(keys, members), { observations, bounds: BOUNDS }, now)
}

const notSeen = { reason: 'successor_not_seen', kid: 'kid-next', publishedAt: NOW } as const
const seenOnce = { reason: 'successor_seen_once', kid: 'kid-next', until: AGAIN } as const
const see = (firstSeenAt: number): RotationAction => ({ type: 'see', kid: 'kid-next', firstSeenAt })
const confirm = (activatesAt: number): RotationAction => ({
  type: 'confirm',
  kid: 'kid-next',
  activatesAt,
  fetched: { kid: 'kid-next', alg: 'RS256', publicJwk: SUCCESSOR.publicJwk },
})
const replace = (kid: string): RotationAction => ({ type: 'prune', kid, why: 'replaced' })

const setTo = (activatesAt: number): KeyRecord => aSuccessor({ firstSeenAt: NOW, activatesAt })
const moved = (activatesAt: number): RotationAction[] => [
  { type: 'reschedule', kid: 'kid-next', activatesAt },
]

test('there is nothing to prove without a successor', () => {
  const observations = [shows([ACTIVE], NOW)]
  expect(planAt([ACTIVE], NOW, { observations })).toEqual(NOTHING)
  expect(planAt([], NOW, { observations })).toEqual(NOTHING)
})

describe('the first sighting', () => {
  const twice = [...shows([SUCCESSOR, SUCCESSOR], NOW).keys]

  test.each<[string, readonly Observation[]]>([
    ['is none where nobody looked', []],
    ['is none of other keys', [shows([ACTIVE], NOW)]],
    [
      'is none in a document from before its publication',
      [shows([SUCCESSOR], NOW, { ringVersion: 4 })],
    ],
    ['is none of another algorithm', [shows([{ ...SUCCESSOR, alg: 'RS384' }], NOW)]],
    ['is none of other material', [shows([{ ...SUCCESSOR, publicJwk: EC_JWK }], NOW)]],
    ['is none where the kid stands twice', [shows([], NOW, { keys: twice })]],
  ])('%s', (_title, observations) => {
    expect(planAt([ACTIVE, SUCCESSOR], NOW, { observations })).toEqual({
      actions: [],
      waits: [notSeen],
    })
  })

  test.each([
    ['is in the first document that has the key', NOW + 5, { ringVersion: 5 }, NOW + 5],
    ['is in a later one', NOW + 5, { ringVersion: 9 }, NOW + 5],
    ['is not before the publication, whatever the clock that saw it', NOW - 7, {}, NOW],
  ])('%s', (_title, at, members, firstSeenAt) => {
    const observations = [shows([ACTIVE, SUCCESSOR], at, members)]
    expect(planAt([ACTIVE, SUCCESSOR], NOW + 5, { observations })).toEqual({
      actions: [see(firstSeenAt)],
      waits: [{ ...seenOnce, until: firstSeenAt + 360 }],
    })
  })

  test('is the earliest of several', () => {
    const observations = [shows([SUCCESSOR], NOW + 5), shows([SUCCESSOR], NOW + 364)]
    expect(planAt([ACTIVE, SUCCESSOR], NOW + 364, { observations }).actions).toEqual([see(NOW + 5)])
  })

  test('is of the successor alone that the policy wants', () => {
    const other = aSuccessor(EC_MEMBERS)
    const observations = [shows([ACTIVE, other, SUCCESSOR], NOW)]
    expect(planAt([ACTIVE, other, SUCCESSOR], NOW, { observations }).actions).toEqual([see(NOW)])
  })
})

describe('the second sighting', () => {
  test('counts a max-age and the staleness of the documents after the first', () => {
    expect(secondSightingAt(aRotating([ACTIVE, SEEN]), NOW, BOUNDS, NOW)).toBe(AGAIN)
    const settling = aSettling({ jwksMaxAgeSeconds: 900 })
    const lowered = aRotating([ACTIVE, SEEN], { settling })
    expect(secondSightingAt(lowered, NOW, BOUNDS, NOW)).toBe(NOW + 900 + 60)
  })

  test.each<[string, number, readonly Observation[], RotationPlan['waits']]>([
    ['is waited for', AGAIN - 1, [], [seenOnce]],
    ['is not one that comes too early', AGAIN - 1, [shows([SEEN], AGAIN - 1)], [seenOnce]],
    ['is missed from then on', AGAIN, [], [notSeen]],
    ['is not what was seen before', AGAIN, [shows([SEEN], AGAIN - 1)], [notSeen]],
    ['is not what does not show it any more', AGAIN, [shows([ACTIVE], AGAIN)], [notSeen]],
    ['is not an older document', AGAIN, [shows([SEEN], AGAIN, { ringVersion: 4 })], [notSeen]],
  ])('%s', (_title, now, observations, waits) => {
    expect(planAt([ACTIVE, SEEN], now, { observations })).toEqual({ actions: [], waits })
  })

  test('confirms the key, with what was fetched of it', () => {
    const observations = [shows([ACTIVE, SEEN], AGAIN)]
    expect(planAt([ACTIVE, SEEN], AGAIN, { observations })).toEqual({
      actions: [confirm(END)],
      waits: [],
    })
  })

  test('may come with the first', () => {
    const observations = [shows([SUCCESSOR], NOW), shows([SUCCESSOR], AGAIN)]
    expect(planAt([ACTIVE, SUCCESSOR], AGAIN, { observations }).actions).toEqual([
      see(NOW),
      confirm(END),
    ])
  })

  test.each<[string, readonly KeyRecord[], number, number]>([
    ['at the end of the period', [ACTIVE, SEEN], END - NOTICE, END],
    ['with notice for hosts where it comes late', [ACTIVE, SEEN], END - NOTICE + 1, END + 1],
    ['after the delay of the policy', [SEEN], NOW + DELAY - NOTICE, NOW + DELAY],
    ['with notice behind that', [SEEN], NOW + DELAY - NOTICE + 1, NOW + DELAY + 1],
    [
      'at once after a key of another kind',
      [{ ...ACTIVE, ...EC_MEMBERS }, SEEN],
      AGAIN,
      NOW + DELAY,
    ],
    [
      'as early as caches allow while no key signs',
      [{ ...ACTIVE, revokedAt: NOW + 9 }, SEEN],
      AGAIN,
      NOW + 2700,
    ],
  ])('has the key sign %s', (_title, keys, now, activatesAt) => {
    const observations = [shows([SEEN], now)]
    expect(planAt(keys, now, { observations }).actions).toEqual([confirm(activatesAt)])
  })

  test.each<[string, KeyRecord, boolean]>([
    ['of another kind', aSuccessor(EC_MEMBERS), true],
    ['of another kind with notice', aSuccessor({ ...EC_MEMBERS, activatesAt: AGAIN + 160 }), true],
    [
      'but none that signs in a moment',
      aSuccessor({ ...EC_MEMBERS, activatesAt: AGAIN + 159 }),
      false,
    ],
    ['but none that was revoked', aSuccessor({ ...EC_MEMBERS, revokedAt: NOW }), false],
    ['of the same kind', aSuccessor({ kid: 'kid-x' }), true],
  ])('takes out other keys that wait: %s', (_title, other, isReplaced) => {
    const observations = [shows([SEEN], AGAIN)]
    const { actions } = planAt([ACTIVE, SEEN, other], AGAIN, { observations })
    expect(actions.slice(1)).toEqual(isReplaced ? [replace(other.kid)] : [])
  })

  test('takes out nothing before it comes', () => {
    const other = aSuccessor(EC_MEMBERS)
    const observations = [shows([SEEN, other], AGAIN - 1)]
    expect(planAt([ACTIVE, SEEN, other], AGAIN - 1, { observations }).actions).toEqual([])
  })
})

describe('a moment that is written', () => {
  const now = NOW + 1000
  const inForce = { policy: { ...POLICY, rotationPeriodSeconds: DELAY + 1 } }
  const overdue = { ...ACTIVE, activatesAt: NOW - POLICY.rotationPeriodSeconds }
  /** Its proof is so old that only the period counts, which is over. */
  const dueAtOnce = (activatesAt: number) => aSuccessor({ firstSeenAt: NOW - DELAY, activatesAt })
  const earliest = now + NOTICE

  test.each<[string, KeyRecord, KeyRecord, Partial<IssuerDocument>, object[]]>([
    ['stays', ACTIVE, setTo(END), {}, []],
    ['moves back to the end of the period', ACTIVE, setTo(END - 1), {}, moved(END)],
    ['moves up to the end of the period', ACTIVE, setTo(END + 1), {}, moved(END)],
    ['moves up when the period is shortened', ACTIVE, setTo(END), inForce, moved(NOW + DELAY + 1)],
    ['moves back from where notice just suffices', ACTIVE, setTo(earliest), {}, moved(END)],
    ['stays when it is near', ACTIVE, setTo(earliest - 1), {}, []],
    ['is moved up to where notice suffices', overdue, dueAtOnce(END), {}, moved(earliest)],
    ['is moved by no less than clocks differ', overdue, dueAtOnce(earliest + 120), {}, []],
    ['is moved by more', overdue, dueAtOnce(earliest + 121), {}, moved(earliest)],
    [
      'waits for caches of an older policy',
      overdue,
      setTo(NOW + DELAY),
      { settling: aSettling({ jwksMaxAgeSeconds: 9000 }) },
      moved(NOW + 2 * 9000 + EXPIRED_COPIES + 300),
    ],
    ['is never moved without a proof', ACTIVE, aSuccessor({ activatesAt: END - 9 }), {}, []],
  ])('%s', (_title, ...[predecessor, successor, members, actions]) => {
    const plan = planAt([predecessor, successor], now, { members })
    expect(plan).toEqual({ actions, waits: [] })
  })

  test('takes out another of its kind, but not the one that follows where it is near', () => {
    const other = aSuccessor({ kid: 'kid-x' })
    const replaced = [replace('kid-x')]
    expect(planAt([ACTIVE, setTo(END), other], now).actions).toEqual(replaced)
    expect(planAt([ACTIVE, setTo(earliest - 1), other], now).actions).toEqual([])
    const follows = { ...other, firstSeenAt: NOW, activatesAt: END }
    expect(planAt([ACTIVE, setTo(now + 1), follows], now).actions).toEqual([])
  })

  test('moves by degrees of the clock only where it is due later than soon', () => {
    const nearly = { ...overdue, activatesAt: earliest - POLICY.rotationPeriodSeconds + 1 }
    const plan = planAt([nearly, dueAtOnce(earliest + 100)], now)
    expect(plan.actions).toEqual(moved(earliest + 1))
  })

  test('takes out other keys that wait, also where it is near or stays', () => {
    const other = aSuccessor(EC_MEMBERS)
    expect(planAt([ACTIVE, setTo(END), other], now).actions).toEqual([replace('kid-ec')])
    expect(planAt([ACTIVE, setTo(now + 1), other], now).actions).toEqual([replace('kid-ec')])
    expect(planAt([ACTIVE, setTo(END + 1), other], now).actions).toEqual([
      ...moved(END),
      replace('kid-ec'),
    ])
  })
})
