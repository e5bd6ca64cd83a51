import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  countChanges,
  doneSentence,
  planSentence,
  rotationLines,
  sumOf,
} from '../../../../src/cli/commands/rotation-text.ts'
import { rotationAnswer, type RotationAnswer } from '../../../../src/cli/host/rotation-answers.ts'
import type { PruneReason } from '../../../../src/keyring/rotation-plan.ts'
import type { ReportedAction, RotationReport } from '../../../../src/keyring/rotation-report.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

function aReport(members: Partial<RotationReport>): RotationReport {
  return {
    id: 'prod',
    revision: 7,
    dryRun: false,
    actions: [],
    waits: [],
    nextMoment: null,
    ...members,
  }
}

/** As it arrives: what a host says goes through the form first. */
function answered(report: object): RotationAnswer {
  return rotationAnswer.parse(JSON.parse(JSON.stringify(report)))
}

/** The line of one action, as it was planned and as it was done. */
function lineOf(action: object): [planned: string | undefined, done: string | undefined] {
  const [planned, done] = [true, false].map((dryRun) =>
    rotationLines(answered({ ...aReport({ dryRun }), actions: [action] }), NOW)[1]?.trim(),
  )
  return [planned, done]
}

const ACTIONS: Readonly<Record<ReportedAction['type'], readonly [ReportedAction, string, string]>> =
  {
    create: [
      {
        type: 'create',
        reason: 'scheduled',
        alg: 'RS256',
        custody: 'kms',
        signsAtOnce: false,
        kid: 'new',
      },
      '+ create  new, a successor (RS256, kms)',
      '+ created  new, a successor (RS256, kms)',
    ],
    see: [
      { type: 'see', kid: 'a', firstSeenAt: NOW },
      '~ see  a in the public documents, for the first time',
      '~ saw  a in the public documents, for the first time',
    ],
    confirm: [
      { type: 'confirm', kid: 'a', activatesAt: NOW + 3 * DAY },
      '~ confirm  a signs from 2027-01-18 08:00:00 (in 3 d)',
      '~ confirmed  a signs from 2027-01-18 08:00:00 (in 3 d)',
    ],
    reschedule: [
      { type: 'reschedule', kid: 'a', activatesAt: NOW + DAY },
      '~ move  a signs from 2027-01-16 08:00:00 (in 1 d)',
      '~ moved  a signs from 2027-01-16 08:00:00 (in 1 d)',
    ],
    prune: [
      { type: 'prune', kid: 'a', why: 'replaced' },
      '- prune  a (replaced before it signed)',
      '- pruned  a (replaced before it signed)',
    ],
    settle: [
      { type: 'settle', seenAt: NOW },
      '~ settle  the policy, which the public documents show',
      '~ settled  the policy, which the public documents show',
    ],
    abandon: [
      { type: 'abandon', slot: 's' },
      '- give up  s, the place of a key whose making did not end',
      '- gave up  s, the place of a key whose making did not end',
    ],
  }

const PRUNED: Readonly<Record<PruneReason | 'later', string>> = {
  retired: 'retired: no token of it can be valid any more',
  revoked: 'revoked',
  replaced: 'replaced before it signed',
  unusable: 'unusable before it signed: it does not open or sign any more',
  later: 'later',
}

describe('an action', () => {
  test.each(Object.entries(ACTIONS))('%s has a line', (_type, [action, planned, done]) => {
    expect(lineOf(action)).toEqual([planned, done])
  })

  test.each([
    ['bootstrap', true, 'the first key (ES256, sealed), which signs at once'],
    ['bootstrap', false, 'the first key (ES256, sealed)'],
    ['emergency', false, 'a key, since none signs (ES256, sealed)'],
    ['later', false, 'later (ES256, sealed)'],
  ])('create for the reason %s, signing at once: %s', (reason, signsAtOnce, text) => {
    const action = { type: 'create', reason, alg: 'ES256', custody: 'sealed', signsAtOnce }
    expect(lineOf(action)[0]).toBe(`+ create  ${text}`)
  })

  test.each(Object.entries(PRUNED))('prune because it is %s', (why, text) => {
    expect(lineOf({ type: 'prune', kid: 'a', why })[1]).toBe(`- pruned  a (${text})`)
  })

  test('that this version does not know is named', () => {
    expect(lineOf({ type: 'revoke', kid: 'a' })).toEqual(['~ revoke', '~ revoke'])
  })

  test('cannot steer a terminal', () => {
    expect(lineOf({ type: 'prune', kid: '\u001B[2J', why: 'retired' })[1]).toContain('\\u{1b}[2J')
    expect(lineOf({ type: '\u001B[2J' })[1]).toContain('\\u{1b}[2J')
  })
})

describe('a report', () => {
  test('has its actions under each other, then what waits, then what comes next', () => {
    const [create, see] = [ACTIONS.create[0], ACTIONS.see[0]]
    const report = aReport({
      actions: [create, see],
      waits: [{ reason: 'key_set_full', keyType: 'RSA' }],
      nextMoment: { at: NOW + DAY, what: 'activation' },
    })
    expect(rotationLines(answered(report), NOW)).toEqual([
      'prod (revision 7)',
      '  + created  new, a successor (RS256, kms)',
      '  ~ saw      a in the public documents, for the first time',
      '  ! waits: the JWK Set has as many RSA keys as relying parties read, so none is made until one leaves it',
      '  next: activation 2027-01-16 08:00:00 (in 1 d)',
    ])
  })

  test.each([
    [null, 'prod (revision 7): nothing is due'],
    [
      { at: NOW + DAY, what: 'rotation due' as const },
      'prod (revision 7): nothing is due; next: rotation due 2027-01-16 08:00:00 (in 1 d)',
    ],
  ])('of nothing is a line, with the next moment %j', (nextMoment, line) => {
    expect(rotationLines(answered(aReport({ nextMoment })), NOW)).toEqual([line])
  })
})

describe('the total', () => {
  test('counts what is created, changed and removed', () => {
    const report = answered(aReport({ actions: Object.values(ACTIONS).map(([action]) => action) }))
    const counts = countChanges(report)
    expect(counts).toEqual({ create: 1, change: 4, remove: 2 })
    const all = sumOf(counts, { create: 1, change: 2, remove: 3 })
    expect(planSentence(all)).toBe('Plan: 2 to create, 6 to change, 5 to remove.')
    expect(doneSentence(all)).toBe('Done: 2 created, 6 changed, 5 removed.')
  })

  test('of nothing says so', () => {
    const none = { create: 0, change: 0, remove: 0 }
    expect(planSentence(none)).toBe('No changes.')
    expect(doneSentence(none)).toBe('Nothing was changed.')
    for (const kind of ['create', 'change', 'remove'] as const) {
      expect(planSentence({ ...none, [kind]: 1 })).toMatch(/^Plan: /)
      expect(doneSentence({ ...none, [kind]: 1 })).toMatch(/^Done: /)
    }
  })
})
