/**
 * The aims of exchanges, and what was measured of them.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import { type Aim, p99Ms } from '../report.ts'
import { median, medianRatio } from '../statistics.ts'
import { cpuOf, figuresOf, PACED_PER_SECOND, type WayFigures } from './ways.ts'

type ByAlgorithm = Readonly<Record<SigningAlgorithm, number>>

/** CPU of one verification and one signature over that of an exchange. */
const NODE_LIMIT_SHARE_MIN: ByAlgorithm = { RS256: 0.85, ES256: 0.6 }
const WORKERD_LIMIT_SHARE_MIN: ByAlgorithm = { RS256: 0.7, ES256: 0.38 }
/** CPU of the peer over that of Signet. */
const PEER_TIMES_MIN: ByAlgorithm = { RS256: 1.2, ES256: 1.35 }

export interface Names {
  readonly ours: string
  readonly limit: string
}

export function nodeAims(
  all: readonly WayFigures[],
  alg: SigningAlgorithm,
  { ours, limit, peer }: Names & { readonly peer: string },
): Aim[] {
  return [
    limitAim(all, alg, { ours, limit }, NODE_LIMIT_SHARE_MIN[alg]),
    peerAim(all, alg, ours, peer),
    latencyAim(all, alg, ours, peer),
  ]
}

export function workerdAims(
  all: readonly WayFigures[],
  alg: SigningAlgorithm,
  names: Names,
): Aim[] {
  return [limitAim(all, alg, names, WORKERD_LIMIT_SHARE_MIN[alg])]
}

function limitAim(
  all: readonly WayFigures[],
  alg: SigningAlgorithm,
  { ours, limit }: Names,
  shareMin: number,
): Aim {
  const share = medianRatio(cpuOf(all, limit, alg), cpuOf(all, ours, alg))
  return {
    what: `Exchange signed with ${alg}, ${ours} and the limit`,
    measured: `CPU of verifying and signing alone is ${share.toFixed(2)} of the exchange's`,
    aim: `at least ${shareMin}`,
    isMet: share >= shareMin,
  }
}

function peerAim(
  all: readonly WayFigures[],
  alg: SigningAlgorithm,
  ours: string,
  peer: string,
): Aim {
  const times = medianRatio(cpuOf(all, peer, alg), cpuOf(all, ours, alg))
  return {
    what: `Exchange signed with ${alg}, ${ours} and ${peer}`,
    measured: `CPU of ${peer} is ${times.toFixed(2)} times that of ${ours}`,
    aim: `at least ${PEER_TIMES_MIN[alg]}`,
    isMet: times >= PEER_TIMES_MIN[alg],
  }
}

function latencyAim(
  all: readonly WayFigures[],
  alg: SigningAlgorithm,
  ours: string,
  peer: string,
): Aim {
  const [a, b] = [ours, peer].map((name) => median(p99Ms(figuresOf(all, name, alg).paced)))
  const [p99 = NaN, peerP99 = NaN] = [a, b]
  return {
    what: `Exchange signed with ${alg}, p99 at ${PACED_PER_SECOND}/s`,
    measured: `${p99.toFixed(2)} ms, of ${peer} ${peerP99.toFixed(2)} ms`,
    aim: `below that of ${peer}`,
    isMet: p99 < peerP99,
  }
}
