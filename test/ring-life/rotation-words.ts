/**
 * What a rotation did and waits for, in words: the names and moments that chance has chosen become numbers and spans.
 */

import type { RotationWait } from '../../src/keyring/rotation-plan.ts'
import type { ReportedAction } from '../../src/keyring/rotation-report.ts'
import type { SweepEntry } from '../../src/keyring/sweep-report.ts'
import { DAY, HOUR, MINUTE } from './controlled-time.ts'

export interface Words {
  /** Keys are numbered as they are named first. */
  key(kid: string): string
  moment(seconds: number): string
  action(action: ReportedAction): string
  wait(wait: RotationWait): string
  swept(entry: SweepEntry): string
}

/** `start`: what moments are counted from. */
export function wording(start: number): Words {
  const names = new Map<string, string>()

  function key(kid: string): string {
    const name = names.get(kid) ?? `K${names.size + 1}`
    names.set(kid, name)
    return name
  }

  function moment(seconds: number): string {
    const since = seconds - start
    const parts = [(since % DAY) / HOUR, (since % HOUR) / MINUTE, since % MINUTE]
    const clock = parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')
    return `+${Math.floor(since / DAY)} d ${clock}`
  }

  return {
    key,
    moment,
    action: (action) => {
      switch (action.type) {
        case 'create': {
          const { kid = '', alg, custody, reason, signsAtOnce } = action
          const when = signsAtOnce ? ', signs at once' : ''
          return `create ${key(kid)} (${reason}: ${alg}, ${custody}${when})`
        }
        case 'see':
          return `see ${key(action.kid)} in the public documents`
        case 'confirm':
          return `confirm ${key(action.kid)}, which signs from ${moment(action.activatesAt)}`
        case 'reschedule':
          return `reschedule ${key(action.kid)}, which signs from ${moment(action.activatesAt)}`
        case 'prune':
          return `prune ${key(action.kid)} (${action.why})`
        case 'settle':
          return `settle the policy, seen at ${moment(action.seenAt)}`
        case 'abandon':
          return 'abandon a place whose key was not made in time'
      }
    },
    wait: (wait) => {
      switch (wait.reason) {
        case 'successor_not_seen':
          return `waits: the public documents do not show ${key(wait.kid)} yet`
        case 'successor_seen_once':
          return `waits: ${key(wait.kid)} has to be seen once more, from ${moment(wait.until)}`
        case 'key_being_made':
          return `waits: a key is being made, until ${moment(wait.until)}`
        default:
          return `waits: ${wait.reason}`
      }
    },
    swept: ({ kid = '', custody, ...entry }) => {
      const what = `${key(kid)} in ${custody}`
      switch (entry.outcome) {
        case 'waits':
          return `sweep: ${what} stays until ${moment(entry.until)}`
        case 'deletion_scheduled':
          return `sweep: ${what} is ${entry.isNew ? '' : 'still '}to be deleted at ${moment(entry.deletedAt)}`
        case 'gone':
          return `sweep: ${what} is deleted, and forgotten`
        case 'kept':
        case 'failed':
          return `sweep: ${what}: ${entry.outcome}`
      }
    },
  }
}
