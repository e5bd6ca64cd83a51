/**
 * Tries arbitrary histories, and prints how to live through the one that broke something again.
 *
 * RING_SEED and RING_PATH: of a failure, as it was printed. RING_SHRINKING=none: as it was found. `amount.ts` has the others.
 */

import * as fc from 'fast-check'
import { CUT_SHORT, SEARCHING_MS_MAX, SHRINKING_MS_MAX } from './amount.ts'
import type { History } from './history.ts'
import { brokenBy, type Trial } from './judge.ts'

interface Amount {
  /** To live through, each of them. */
  readonly count: number
}

/** Resolves to `nothing`, or to what was broken and how to see it again; to fewer histories than asked for it never agrees. */
export async function brokenIn(
  anyHistory: fc.Arbitrary<History>,
  { isQuietAfter, count }: Trial & Amount,
): Promise<string> {
  const { RING_SEED, RING_PATH, RING_SHRINKING } = process.env
  let until = performance.now() + SEARCHING_MS_MAX
  let isShrinking = false
  const property = fc.asyncProperty(anyHistory, async (history) => {
    if (performance.now() > until) throw new fc.PreconditionFailure(true)
    const broken = await brokenBy(history, { isQuietAfter })
    if (broken.length === 0) return
    if (!isShrinking) until = performance.now() + SHRINKING_MS_MAX
    isShrinking = true
    throw new Error(broken.join('\n'))
  })
  const result = await fc.check(property, {
    numRuns: count,
    ...(RING_SEED === undefined ? {} : { seed: Number(RING_SEED) }),
    ...(RING_PATH === undefined ? {} : { path: RING_PATH }),
    endOnFailure: RING_SHRINKING === 'none',
  })
  if (result.failed) return tellingOf(result)
  const isComplete = !result.interrupted && (RING_PATH !== undefined || result.numRuns >= count)
  if (isComplete) return 'nothing'
  return `${CUT_SHORT}: lived through ${result.numRuns} of ${count} histories in ${SEARCHING_MS_MAX / 1000} s, and broke nothing; set RING_SECONDS to more`
}

function tellingOf({
  seed,
  counterexamplePath,
  counterexample,
  numRuns,
  numShrinks,
  errorInstance,
}: fc.RunDetails<[History]>): string {
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return [
    why,
    `after ${numRuns} histories, made shorter ${numShrinks} times; again: RING_SEED=${seed} RING_PATH=${counterexamplePath}`,
    ...(counterexample ?? []).flatMap(linesOf),
  ].join('\n')
}

/** One event a line, without those that are left of others. */
function linesOf({ start, events }: History): string[] {
  const told = events.filter(
    ({ type, after }) => type !== 'wait' || !('seconds' in after) || after.seconds > 0,
  )
  return [start, ...told].map((line) => JSON.stringify(line))
}
