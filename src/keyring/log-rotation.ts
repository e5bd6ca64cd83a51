/**
 * A rotation in the log: what was done, why what is due was not, and what comes next.
 */

import type { Log, LogFields, LogLevel } from '../log.ts'
import type { RingStatus } from './ring-status.ts'
import type { RotationWait } from './rotation-plan.ts'
import type { ReportedAction, RotationReport } from './rotation-report.ts'

export function logRotation(log: Log, report: RotationReport, status: RingStatus): void {
  const { id: issuer, revision, actions, waits, nextMoment } = report
  const next: LogFields =
    nextMoment === null ? {} : { nextMoment: nextMoment.at, nextWhat: nextMoment.what }
  if (actions.length > 0) {
    log('info', 'ring_rotated', {
      issuer,
      revision,
      actions: actions.map(nameOf).join(', '),
      ...next,
    })
  }
  if (status !== 'ok') log('warn', 'ring_status', { issuer, status, ...next })
  for (const wait of waits) {
    const { reason, ...details } = wait
    log(levelOf(wait), 'rotation_waits', { issuer, reason, ...details, ...next })
  }
}

function nameOf(action: ReportedAction): string {
  switch (action.type) {
    case 'create':
      return `create (${action.reason})`
    case 'prune':
      return `prune (${action.why})`
    default:
      return action.type
  }
}

/** What passes by itself is no warning. */
function levelOf({ reason }: RotationWait): LogLevel {
  switch (reason) {
    case 'successor_seen_once':
    case 'key_being_made':
      return 'info'
    case 'successor_not_seen':
    case 'successor_not_verified':
    case 'policy_not_seen':
    case 'not_observed':
    case 'key_set_full':
    case 'too_many_leftovers':
      return 'warn'
  }
}
