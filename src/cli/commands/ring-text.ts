/**
 * A ring as a whole, in words: how it is, what comes next, what it has forgotten.
 */

import type { RingStatus } from '../../keyring/ring-status.ts'
import type { KeysAnswer } from '../host/answers.ts'
import { formatMoment } from '../moments.ts'
import { nextText } from './rotation-text.ts'

const STATUSES: Readonly<Record<Exclude<RingStatus, 'ok' | 'overdue'>, string>> = {
  successor_not_seen:
    'successor not seen: the public documents do not show it, so it does not sign yet',
  successor_not_proved:
    'successor not proved: the public documents have shown it, and it was not confirmed since, so it does not sign yet',
  no_successor: 'no successor: no key stands by to follow the one that signs',
  first_key_pending:
    'first key pending: it does not sign before the public documents have shown it',
  no_active_key: 'no active key: nothing is signed',
  no_published_key: 'no published key',
}

/** Hosts that do not rotate say nothing of it. */
export function ringHeader(ring: KeysAnswer, now: number): string[] {
  const { id, revision, status, nextMoment } = ring
  return [
    `${id}, revision ${revision}${status === undefined ? '' : `: ${statusText(ring, status, now)}`}`,
    ...(nextMoment ? [`next: ${nextText(nextMoment, now)}`] : []),
  ]
}

/** When the active key's period is over. */
export function dueAt({ keys, policy }: KeysAnswer): number | undefined {
  const active = keys.find((key) => key.status === 'active')
  if (active?.origin !== 'own' || active.activatesAt === undefined) return undefined
  return policy && active.activatesAt + policy.rotationPeriodSeconds
}

/** A key that is being made, and those that are left for a sweep. `target`: options for the commands. */
export function* leftoverSentences(
  { id, reservation, leftovers = [] }: KeysAnswer,
  target: string,
  now: number,
): Iterable<string> {
  if (reservation !== undefined) {
    const { alg, custody, reservedAt } = reservation
    yield `A key is being made (${alg}, ${custody}), since ${formatMoment(reservedAt, now)}.`
  }
  if (leftovers.length === 0) return
  const count = leftovers.length === 1 ? '1 key is' : `${leftovers.length} keys are`
  yield `${count} kept elsewhere that the ring has forgotten: npx signet keys sweep ${id} --dry-run${target}`
}

function statusText(ring: KeysAnswer, status: string, now: number): string {
  const known: Readonly<Record<string, string>> = STATUSES
  if (status !== 'overdue') return known[status] ?? status
  const due = dueAt(ring)
  const since = due === undefined ? '' : `, its period ended ${formatMoment(due, now)}`
  return `overdue: the active key signs on${since}: "signet keys rotate ${ring.id} --dry-run" says why`
}
