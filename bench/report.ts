/**
 * What the bench prints: a table of figures, and a line for each aim.
 */

import { data, table } from '../src/cli/output.ts'
import type { Comparison, Figures } from './compare.ts'
import type { Run } from './load/messages.ts'
import { median } from './statistics.ts'

export interface Aim {
  readonly what: string
  /** The value, with what it is. */
  readonly measured: string
  readonly aim: string
  /** `undefined` where nothing was measured. */
  readonly isMet: boolean | undefined
}

const HEADER = [
  'document',
  'server',
  'bytes',
  'CPU µs/request',
  '(all rounds)',
  'requests/s',
  'busy',
  'p99 ms',
  'at requests/s',
]

export function cpuMicros(runs: readonly Run[]): number[] {
  return runs.map(({ cpuSeconds, requests }) => (cpuSeconds / requests) * 1e6)
}

export function perSecond(runs: readonly Run[]): number[] {
  return runs.map(({ requests, seconds }) => requests / seconds)
}

export function p99Ms(runs: readonly Run[]): number[] {
  return runs.map((run) => run.p99Ms ?? NaN)
}

export function printComparisons(title: string, comparisons: readonly Comparison[]): void {
  data(`\n${title}\n`)
  data(table(HEADER, comparisons.flatMap(rowsOf)))
}

/** What the first request for each path cost: the server had nothing in memory. */
export function printFirst({ kind, figures }: Comparison, name: string): void {
  const first = figures.find(({ subject }) => subject.name === name)?.first
  if (first === undefined) return
  const micros = median(cpuMicros([first]))
  data(
    `${name}, ${kind}: ${micros.toFixed(0)} CPU µs for the first request of each, which reads storage and renders.`,
  )
}

/** `share`: of one core, what programs that are not the bench's used meanwhile. */
export function printOthers(share: number): void {
  data(`\nOther programs used ${Math.max(0, share * 100).toFixed(0)} % of one core meanwhile.`)
}

function rowsOf(comparison: Comparison): string[][] {
  return comparison.figures.map((figures) => row(comparison, figures))
}

function row(comparison: Comparison, { subject, saturated, paced }: Figures): string[] {
  const cpu = cpuMicros(saturated)
  const busy = saturated.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds)
  return [
    comparison.kind,
    subject.name,
    String(subject.bytes[comparison.kind]),
    median(cpu).toFixed(1),
    `${Math.min(...cpu).toFixed(1)}-${Math.max(...cpu).toFixed(1)}`,
    median(perSecond(saturated)).toFixed(0),
    `${(median(busy) * 100).toFixed(0)} %`,
    median(p99Ms(paced)).toFixed(2),
    String(comparison.perSecond),
  ]
}

export function printAims(aims: readonly Aim[]): void {
  data('\nAims\n')
  for (const { what, measured, aim, isMet } of aims) {
    data(`${what}: ${measured}; aim ${aim}: ${verdict(isMet)}`)
  }
}

function verdict(isMet: boolean | undefined): string {
  if (isMet === undefined) return 'not measured'
  return isMet ? 'met' : 'not met'
}
