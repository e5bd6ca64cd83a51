/**
 * A simulated ring as people read it: the moments that matter in their order, a bar for the whole time, and totals.
 */

import type { IssuerPolicy } from '../../issuers/policy.ts'
import type { RingSimulation, SimulatedMoment } from '../../keyring/simulate-ring.ts'
import type { SimulatedKey } from '../../keyring/simulated-key.ts'
import type { ReportedAction } from '../../keyring/rotation-report.ts'
import { formatDuration, formatLocal } from '../moments.ts'
import { printable } from '../../printable.ts'
import { styled } from '../output.ts'
import { type Canvas, timeline } from '../timeline.ts'
import { lifeOf, shortKid } from './key-timeline.ts'

export interface SimulationReport {
  readonly id: string
  readonly policy: IssuerPolicy
  readonly from: number
  readonly until: number
  readonly everySeconds: number
  readonly simulation: RingSimulation
}

/** More rows than this show nothing that these do not. */
const ROWS_MAX = 60

type Colour = 'green' | 'cyan' | 'yellow' | 'red' | 'dim'

interface MomentText {
  readonly sign: string
  readonly colour: Colour
  readonly verb: string
  readonly kid: string
  readonly what?: string
}

export function simulationLines(report: SimulationReport, canvas: Canvas): string[] {
  const { id, policy, from, until, everySeconds, simulation } = report
  const { moments, keys, rotations, publishedMax, jwkSetBytesMax } = simulation
  const shown = keys.slice(0, ROWS_MAX)
  const rows = shown.map((key) => ({
    label: shortKid(key.kid),
    stretches: lifeOf(lastingKey(key)),
  }))
  return [
    `${printable(id)} for ${formatDuration(until - from)}: ${policy.algorithm}, ${policy.custody}, rotation period ${formatDuration(policy.rotationPeriodSeconds)}, propagation delay ${formatDuration(policy.propagationDelaySeconds)}, a job every ${formatDuration(everySeconds)}`,
    '',
    ...moments.map(momentLine),
    '',
    ...timeline(rows, { from, until, now: from }, canvas),
    ...(keys.length > shown.length ? [`and ${keys.length - shown.length} more keys`] : []),
    '',
    `${counted(rotations, 'rotation')}, at most ${counted(publishedMax, 'key')} published at once, a JWK Set of at most some ${kilobytes(jwkSetBytesMax)} kB`,
  ]
}

/** A key that was pruned before its time is not there any more. */
function lastingKey(key: SimulatedKey): SimulatedKey {
  const { prunedAt, retiresAt } = key
  if (prunedAt === undefined || (retiresAt !== undefined && retiresAt <= prunedAt)) return key
  return { ...key, retiresAt: prunedAt }
}

function momentLine(moment: SimulatedMoment): string {
  const { sign, colour, verb, kid, what } = momentText(moment)
  const end = what === undefined ? '' : `  ${what}`
  const name = what === undefined ? shortKid(kid) : shortKid(kid).padEnd(10)
  return `${formatLocal(moment.at)}  ${styled(colour, sign)} ${verb.padEnd(10)} ${name}${end}`
}

function momentText(moment: SimulatedMoment): MomentText {
  switch (moment.what) {
    case 'signs':
      return { sign: '*', colour: 'green', verb: 'signs', kid: moment.kid }
    case 'retires':
      return { sign: 'o', colour: 'yellow', verb: 'retires', kid: moment.kid }
    case 'revoked':
      return { sign: '!', colour: 'red', verb: 'revoked', kid: moment.kid }
    case 'run':
      return actionText(moment.action)
  }
}

function actionText(action: ReportedAction): MomentText {
  switch (action.type) {
    case 'create': {
      const { kid = '', alg, custody, signsAtOnce } = action
      const what = `${alg}, ${custody}${signsAtOnce ? ', signs at once' : ''}`
      return { sign: '+', colour: 'green', verb: 'created', kid, what }
    }
    case 'see':
      return { sign: '.', colour: 'dim', verb: 'seen', kid: action.kid }
    case 'confirm':
    case 'reschedule': {
      const verb = action.type === 'confirm' ? 'confirmed' : 'moved'
      const what = `signs from ${formatLocal(action.activatesAt)}`
      return { sign: '~', colour: 'cyan', verb, kid: action.kid, what }
    }
    case 'prune':
      return {
        sign: '-',
        colour: 'dim',
        verb: 'pruned',
        kid: action.kid,
        ...(action.why === 'retired' ? {} : { what: action.why }),
      }
    case 'settle':
      return { sign: '~', colour: 'cyan', verb: 'settled', kid: 'policy' }
    case 'abandon':
      return { sign: '-', colour: 'dim', verb: 'gave up', kid: action.slot }
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}
