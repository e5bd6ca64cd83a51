/**
 * What is measured of exchanges, in turns: servers under load, and work that a process does alone.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import type { Load, Target } from '../load/load-process.ts'
import type { Run } from '../load/messages.ts'
import { cpuMicros } from '../report.ts'
import { inRounds } from '../rounds.ts'
import type { Schedule } from '../schedule.ts'

export interface Way {
  readonly name: string
  readonly alg: SigningAlgorithm
  readonly warm: () => Promise<unknown>
  readonly run: () => Promise<Run>
  /** One at `PACED_PER_SECOND`. */
  readonly pace?: () => Promise<Run>
}

export interface WayFigures {
  readonly way: Pick<Way, 'name' | 'alg'>
  /** One a round. */
  readonly runs: readonly Run[]
  /** One a round; none of what is not paced. */
  readonly paced: readonly Run[]
}

export const PACED_PER_SECOND = 400
/** A list is short, and much code takes part: it runs at its speed after some ten thousand requests. */
const WARM_TIMES = 100
/** Longer than other runs: a p99 wants some hundreds of requests. */
const PACED_RUNS = 2

type UnderLoad = Pick<Way, 'name' | 'alg' | 'warm' | 'run'> & { readonly pace: () => Promise<Run> }

export function wayUnderLoad(
  load: Load,
  target: Target,
  { name, alg }: Pick<Way, 'name' | 'alg'>,
  { warmPasses, warmMs, saturateMs, paceMs }: Schedule,
): UnderLoad {
  return {
    name,
    alg,
    warm: () => load.warm(target, warmPasses * WARM_TIMES, warmMs),
    run: () => load.saturate(target, saturateMs),
    pace: () => load.pace(target, PACED_RUNS * paceMs, PACED_PER_SECOND),
  }
}

/** What a process does alone, when it is asked to. */
export function wayAlone({ name, alg }: Pick<Way, 'name' | 'alg'>, run: () => Promise<Run>): Way {
  return { name, alg, warm: run, run }
}

export async function measureWays(
  ways: readonly Way[],
  { rounds }: Schedule,
): Promise<WayFigures[]> {
  for (const { warm } of ways) await warm()
  const runs = await inRounds(ways, rounds, ({ run }) => run())
  const paced = await inRounds(ways, rounds, async ({ pace }) => pace?.())
  return ways.map((way, index) => ({
    way,
    runs: runs[index] ?? [],
    paced: (paced[index] ?? []).filter((run) => run !== undefined),
  }))
}

export function figuresOf(
  all: readonly WayFigures[],
  name: string,
  alg: SigningAlgorithm,
): WayFigures {
  const found = all.find(({ way }) => way.name === name && way.alg === alg)
  if (found === undefined) throw new TypeError(`nothing was measured of ${name}, ${alg}`)
  return found
}

/** CPU time of each round. */
export function cpuOf(
  all: readonly WayFigures[],
  name: string,
  alg: SigningAlgorithm,
): readonly number[] {
  return cpuMicros(figuresOf(all, name, alg).runs)
}
