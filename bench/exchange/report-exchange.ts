/**
 * What the section of exchanges prints.
 */

import { type SigningAlgorithm, SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import { data, table } from '../../src/cli/output.ts'
import { cpuMicros, p99Ms, perSecond } from '../report.ts'
import { median } from '../statistics.ts'
import { cpuOf, PACED_PER_SECOND, type WayFigures } from './ways.ts'

const HEADER = [
  'signs',
  'what',
  'CPU µs/exchange',
  '(all rounds)',
  'exchanges/s',
  'busy',
  `p99 ms at ${PACED_PER_SECOND}/s`,
]

/** `names`: what the table has, in this order. */
export function printExchanges(
  title: string,
  all: readonly WayFigures[],
  names: readonly string[],
): void {
  const rows = SIGNING_ALGORITHMS.flatMap((alg) =>
    names.flatMap((name) =>
      all.filter(({ way }) => way.name === name && way.alg === alg).map(rowOf),
    ),
  )
  data(`\n${title}\n`)
  data(table(HEADER, rows))
}

function rowOf({ way, runs, paced }: WayFigures): string[] {
  const cpu = cpuMicros(runs)
  const busy = runs.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds)
  return [
    way.alg,
    way.name,
    median(cpu).toFixed(1),
    `${Math.min(...cpu).toFixed(1)}-${Math.max(...cpu).toFixed(1)}`,
    median(perSecond(runs)).toFixed(0),
    `${(median(busy) * 100).toFixed(0)} %`,
    paced.length === 0 ? '' : median(p99Ms(paced)).toFixed(2),
  ]
}

export interface Part {
  /** As it was measured. */
  readonly name: string
  /** For the reader. */
  readonly what: string
}

/** `whole`: what the parts are of. What none of them is, is a row of its own. */
export function printParts(
  title: string,
  all: readonly WayFigures[],
  whole: string,
  parts: readonly Part[],
): void {
  const rows = parts.map(({ name, what }) => [
    what,
    ...SIGNING_ALGORITHMS.map((alg) => micros(cpuOf(all, name, alg))),
  ])
  const rest = SIGNING_ALGORITHMS.map((alg) => micros(restOf(all, whole, parts, alg)))
  const sum = SIGNING_ALGORITHMS.map((alg) => micros(cpuOf(all, whole, alg)))
  data(`\n${title}\n`)
  data(
    table(
      ['part', ...SIGNING_ALGORITHMS.map((alg) => `CPU µs, ${alg}`)],
      [...rows, ['all the rest', ...rest], ['the whole exchange', ...sum]],
    ),
  )
}

/** Of each round. */
function restOf(
  all: readonly WayFigures[],
  whole: string,
  parts: readonly Part[],
  alg: SigningAlgorithm,
): number[] {
  const measured = parts.map(({ name }) => cpuOf(all, name, alg))
  return cpuOf(all, whole, alg).map((cpu, round) =>
    measured.reduce((rest, rounds) => rest - (rounds[round] ?? NaN), cpu),
  )
}

function micros(values: readonly number[]): string {
  return median(values).toFixed(1)
}
