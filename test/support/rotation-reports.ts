/**
 * Reports of rotations and sweeps with everything in them that one may say.
 */

import { FAULT_CODES } from '../../src/errors.ts'
import type { ReportedAction, RotationReport } from '../../src/keyring/rotation-report.ts'
import type { RotationWait } from '../../src/keyring/rotation-plan.ts'
import type { SweepEntry, SweepReport } from '../../src/keyring/sweep-report.ts'
import { NOW } from './fixtures.ts'

const CREATE = { type: 'create', alg: 'ES256', custody: 'kms' } as const

export const ALL_ACTIONS: readonly ReportedAction[] = [
  { ...CREATE, reason: 'bootstrap', signsAtOnce: true, kid: 'kid-a' },
  { ...CREATE, reason: 'scheduled', signsAtOnce: false },
  { ...CREATE, reason: 'emergency', custody: 'sealed', alg: 'RS256', signsAtOnce: false },
  { type: 'see', kid: 'kid-b', firstSeenAt: NOW },
  { type: 'confirm', kid: 'kid-b', activatesAt: NOW + 1 },
  { type: 'reschedule', kid: 'kid-b', activatesAt: NOW + 2 },
  { type: 'prune', kid: 'kid-c', why: 'retired' },
  { type: 'prune', kid: 'kid-c', why: 'revoked' },
  { type: 'prune', kid: 'kid-c', why: 'replaced' },
  { type: 'settle', seenAt: NOW },
  { type: 'abandon', slot: 'slot-a' },
]

const PROBLEMS = [
  'unreachable',
  'timed_out',
  'redirected',
  'bad_status',
  'too_large',
  'not_a_discovery_document',
  'wrong_issuer',
  'wrong_jwks_uri',
  'not_a_jwk_set',
  'no_ring_version',
] as const

export const ALL_WAITS: readonly RotationWait[] = [
  { reason: 'successor_not_seen', kid: 'kid-b', publishedAt: NOW },
  { reason: 'successor_seen_once', kid: 'kid-b', until: NOW + 60 },
  { reason: 'successor_not_verified', kid: 'kid-b' },
  { reason: 'policy_not_seen', revision: 7 },
  ...PROBLEMS.map(
    (problem) => ({ reason: 'not_observed', problem, message: `it was ${problem}` }) as const,
  ),
  { reason: 'key_being_made', until: NOW + 60 },
  { reason: 'too_many_leftovers', count: 10 },
  { reason: 'key_set_full', keyType: 'RSA' },
  { reason: 'key_set_full', keyType: 'EC' },
]

export function aRotationReport(members: Partial<RotationReport> = {}): RotationReport {
  return {
    id: 'prod',
    revision: 7,
    dryRun: false,
    actions: [],
    waits: [],
    nextMoment: { at: NOW + 86_400, what: 'rotation due' },
    ...members,
  }
}

const PLACE = { slot: 'slot-a', alg: 'ES256', custody: 'kms', forgottenAt: NOW } as const

export const ALL_ENTRIES: readonly SweepEntry[] = [
  { ...PLACE, outcome: 'waits', until: NOW + 1 },
  { ...PLACE, outcome: 'deletion_scheduled', deletedAt: NOW + 2, isNew: true, kid: 'kid-a' },
  { ...PLACE, outcome: 'deletion_scheduled', deletedAt: NOW + 2, isNew: false },
  { ...PLACE, outcome: 'gone' },
  { ...PLACE, outcome: 'kept', isNew: false },
  ...FAULT_CODES.map((code) => ({ ...PLACE, outcome: 'failed', code }) as const),
]

export function aSweepReport(members: Partial<SweepReport> = {}): SweepReport {
  return { id: 'prod', dryRun: false, entries: [], ...members }
}
