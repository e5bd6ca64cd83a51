/**
 * What a rotation did or would do, in lines: as a Terraform plan reads.
 */

import type { CreateReason, PruneReason } from '../../keyring/rotation-plan.ts'
import { formatMoment } from '../moments.ts'
import type { MomentAnswer } from '../host/answers.ts'
import type { ActionAnswer, RotationAnswer } from '../host/rotation-answers.ts'
import { styled } from '../output.ts'
import { printable } from '../../printable.ts'
import { waitSentence } from './wait-sentence.ts'

type Change = 'create' | 'change' | 'remove'

export type ChangeCounts = Readonly<Record<Change, number>>

export const NO_CHANGES: ChangeCounts = { create: 0, change: 0, remove: 0 }

const SIGNS = {
  create: ['+', 'green'],
  change: ['~', 'yellow'],
  remove: ['-', 'red'],
} as const satisfies Record<Change, readonly [string, string]>

interface ActionLine {
  readonly change: Change
  /** Of a plan, and of what was done. */
  readonly verb: readonly [planned: string, done: string]
  readonly what: string
}

const CREATED: Readonly<Record<CreateReason, string>> = {
  bootstrap: 'the first key',
  scheduled: 'a successor',
  emergency: 'a key, since none signs',
}

const PRUNED: Readonly<Record<PruneReason, string>> = {
  retired: 'retired: no token of it can be valid any more',
  revoked: 'revoked',
  replaced: 'replaced before it signed',
  unusable: 'unusable before it signed: it does not open or sign any more',
}

/** A line an action, why what is due does not happen, and what comes next. */
export function rotationLines(report: RotationAnswer, now: number): string[] {
  const { id, revision, dryRun, actions, waits, nextMoment } = report
  const head = `${printable(id)} (revision ${revision})`
  const next = nextMoment === null ? [] : [`next: ${printable(nextText(nextMoment, now))}`]
  if (actions.length + waits.length === 0) {
    return [[`${head}: nothing is due`, ...next].join('; ')]
  }
  const lines = actions.map((action) => actionLine(action, now))
  const width = Math.max(...lines.map(({ verb }) => verb[dryRun ? 0 : 1].length))
  return [
    head,
    ...lines.map(({ change, verb, what }) => {
      const [sign, colour] = SIGNS[change]
      return `  ${styled(colour, sign)} ${printable(verb[dryRun ? 0 : 1].padEnd(width))}  ${printable(what)}`.trimEnd()
    }),
    ...waits.map((wait) => `  ! waits: ${printable(waitSentence(wait, id, now))}`),
    ...next.map((line) => `  ${line}`),
  ]
}

export function nextText({ what, at }: MomentAnswer, now: number): string {
  return `${what} ${formatMoment(at, now)}`
}

export function countChanges({ actions }: RotationAnswer): ChangeCounts {
  const counts = { ...NO_CHANGES }
  for (const action of actions) counts[actionLine(action, 0).change] += 1
  return counts
}

export function sumOf(a: ChangeCounts, b: ChangeCounts): ChangeCounts {
  return {
    create: a.create + b.create,
    change: a.change + b.change,
    remove: a.remove + b.remove,
  }
}

export function planSentence({ create, change, remove }: ChangeCounts): string {
  if (create + change + remove === 0) return 'No changes.'
  return `Plan: ${create} to create, ${change} to change, ${remove} to remove.`
}

export function doneSentence({ create, change, remove }: ChangeCounts): string {
  if (create + change + remove === 0) return 'Nothing was changed.'
  return `Done: ${create} created, ${change} changed, ${remove} removed.`
}

function actionLine(action: ActionAnswer, now: number): ActionLine {
  switch (action.type) {
    case 'create':
      return { change: 'create', verb: ['create', 'created'], what: creationText(action) }
    case 'see':
      return {
        change: 'change',
        verb: ['see', 'saw'],
        what: `${action.kid} in the public documents, for the first time`,
      }
    case 'confirm':
      return {
        change: 'change',
        verb: ['confirm', 'confirmed'],
        what: `${action.kid} signs from ${formatMoment(action.activatesAt, now)}`,
      }
    case 'reschedule':
      return {
        change: 'change',
        verb: ['move', 'moved'],
        what: `${action.kid} signs from ${formatMoment(action.activatesAt, now)}`,
      }
    case 'prune':
      return {
        change: 'remove',
        verb: ['prune', 'pruned'],
        what: `${action.kid} (${wordsFor(PRUNED, action.why)})`,
      }
    case 'settle':
      return {
        change: 'change',
        verb: ['settle', 'settled'],
        what: 'the policy, which the public documents show',
      }
    case 'abandon':
      return {
        change: 'remove',
        verb: ['give up', 'gave up'],
        what: `${action.slot}, the place of a key whose making did not end`,
      }
    case 'other':
      return { change: 'change', verb: [action.name, action.name], what: '' }
  }
}

function creationText({
  reason,
  alg,
  custody,
  kid,
  signsAtOnce,
}: Extract<ActionAnswer, { readonly type: 'create' }>): string {
  const kind = `${wordsFor(CREATED, reason)} (${alg}, ${custody})`
  const when = signsAtOnce ? ', which signs at once' : ''
  return `${kid === undefined ? '' : `${kid}, `}${kind}${when}`
}

/** A reason that this version does not know stands for itself. */
function wordsFor(words: Readonly<Record<string, string>>, reason: string): string {
  return words[reason] ?? reason
}
