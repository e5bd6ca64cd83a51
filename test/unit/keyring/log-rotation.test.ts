import { describe, expect, test } from 'vitest'
import { logRotation } from '../../../src/keyring/log-rotation.ts'
import type { RingStatus } from '../../../src/keyring/ring-status.ts'
import type { RotationWait } from '../../../src/keyring/rotation-plan.ts'
import type { ReportedAction, RotationReport } from '../../../src/keyring/rotation-report.ts'
import { NOW } from '../../support/fixtures.ts'

function logged(report: Partial<RotationReport>, status: RingStatus = 'ok'): unknown[] {
  const lines: unknown[] = []
  const whole: RotationReport = {
    id: 'prod',
    revision: 7,
    dryRun: false,
    actions: [],
    waits: [],
    nextMoment: { at: NOW, what: 'rotation due' },
    ...report,
  }
  logRotation((...line) => void lines.push(line), whole, status)
  return lines
}

const NEXT = { nextMoment: NOW, nextWhat: 'rotation due' }

describe('a rotation in the log', () => {
  test('that did nothing and waits for nothing is no line', () => {
    expect(logged({})).toEqual([])
  })

  test('that did something is one line', () => {
    const actions: ReportedAction[] = [
      { type: 'create', reason: 'emergency', alg: 'RS256', custody: 'kms', signsAtOnce: false },
      { type: 'see', kid: 'kid-a', firstSeenAt: NOW },
      { type: 'confirm', kid: 'kid-a', activatesAt: NOW },
      { type: 'reschedule', kid: 'kid-a', activatesAt: NOW },
      { type: 'prune', kid: 'kid-a', why: 'retired' },
      { type: 'settle', seenAt: NOW },
      { type: 'abandon', slot: 'slot-a' },
    ]
    const names = 'create (emergency), see, confirm, reschedule, prune (retired), settle, abandon'
    expect(logged({ actions })).toEqual([
      ['info', 'ring_rotated', { issuer: 'prod', revision: 7, actions: names, ...NEXT }],
    ])
  })

  test.each<[string, RotationWait]>([
    ['info', { reason: 'successor_seen_once', kid: 'kid-a', until: NOW }],
    ['info', { reason: 'key_being_made', until: NOW }],
    ['warn', { reason: 'successor_not_seen', kid: 'kid-a', publishedAt: NOW }],
    ['warn', { reason: 'successor_not_verified', kid: 'kid-a' }],
    ['warn', { reason: 'policy_not_seen', revision: 7 }],
    ['warn', { reason: 'not_observed', problem: 'timed_out', message: 'too slow' }],
    ['warn', { reason: 'too_many_leftovers', count: 10 }],
    ['warn', { reason: 'key_set_full', keyType: 'RSA' }],
  ])('that waits is a line of level %s: %o', (level, wait) => {
    expect(logged({ waits: [wait] })).toEqual([
      [level, 'rotation_waits', { issuer: 'prod', ...wait, ...NEXT }],
    ])
  })

  test('of a ring that is not as it should be says how it is, also where nothing else is to say', () => {
    expect(logged({}, 'overdue')).toEqual([
      ['warn', 'ring_status', { issuer: 'prod', status: 'overdue', ...NEXT }],
    ])
  })

  test('names no next moment where there is none', () => {
    const waits: RotationWait[] = [{ reason: 'policy_not_seen', revision: 7 }]
    expect(logged({ waits, nextMoment: null })).toEqual([
      ['warn', 'rotation_waits', { issuer: 'prod', reason: 'policy_not_seen', revision: 7 }],
    ])
  })
})
