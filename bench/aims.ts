/**
 * The aims, and what was measured of them. All are about CPU time a request, the steady figure; the others stand beside.
 */

import type { Comparison, Figures } from './compare.ts'
import { type Aim, cpuMicros, p99Ms, perSecond } from './report.ts'
import { median, medianRatio } from './statistics.ts'

const BARE_SHARE_MIN = 0.9
const SAME_WITHIN = 0.1
const PEER_SHARE_MAX = 0.5

/** CPU a request of `a` over that of `b`. */
function cpuRatio(a: Figures, b: Figures): number {
  return medianRatio(cpuMicros(a.saturated), cpuMicros(b.saturated))
}

function figuresOf({ figures }: Comparison, name: string): Figures {
  const found = figures.find(({ subject }) => subject.name === name)
  if (found === undefined) throw new TypeError(`nothing was measured of ${name}`)
  return found
}

export function bareAim(comparison: Comparison, worker: string, bare: string): Aim {
  const share = cpuRatio(figuresOf(comparison, bare), figuresOf(comparison, worker))
  return {
    what: `${comparison.kind}, the Worker and a bare handler`,
    measured: `CPU of the bare handler is ${share.toFixed(2)} of the Worker's`,
    aim: `at least ${BARE_SHARE_MIN}`,
    isMet: share >= BARE_SHARE_MIN,
  }
}

export function manyAim(comparison: Comparison, many: string, one: string): Aim {
  const [a, b] = [figuresOf(comparison, many), figuresOf(comparison, one)]
  const cpu = cpuRatio(a, b)
  const rate = medianRatio(perSecond(a.saturated), perSecond(b.saturated))
  const p99 = medianRatio(p99Ms(a.paced), p99Ms(b.paced))
  return {
    what: `${comparison.kind}, 10,000 issuers and one`,
    measured: `CPU ${cpu.toFixed(2)} times that of one (requests/s ${rate.toFixed(2)}, p99 ${p99.toFixed(2)})`,
    aim: `at most ${1 + SAME_WITHIN}`,
    isMet: cpu <= 1 + SAME_WITHIN,
  }
}

export function peerAim(comparison: Comparison, ours: string, peers: readonly string[]): Aim {
  const best = peers
    .map((name) => figuresOf(comparison, name))
    .reduce((a, b) => (cpuOf(b) < cpuOf(a) ? b : a))
  const share = cpuRatio(figuresOf(comparison, ours), best)
  return {
    what: `${comparison.kind}, Signet on Node and the best peer`,
    measured: `CPU of Signet is ${share.toFixed(2)} of that of ${best.subject.name}`,
    aim: `at most ${PEER_SHARE_MAX}`,
    isMet: share <= PEER_SHARE_MAX,
  }
}

function cpuOf({ saturated }: Figures): number {
  return median(cpuMicros(saturated))
}
