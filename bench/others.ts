/**
 * What programs that are not the bench's did meanwhile.
 */

import { cpuSecondsOfRun } from './children.ts'
import { cpuSecondsOfMachine } from './cpu-time.ts'

/** `others`: of one core, the share that they used. */
export async function besideOthers<Result>(
  measure: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly others: number }> {
  const before = cpuSecondsOfMachine() - cpuSecondsOfRun()
  const startedAt = performance.now()
  const result = await measure()
  const seconds = cpuSecondsOfMachine() - cpuSecondsOfRun() - before
  return { result, others: (seconds * 1000) / (performance.now() - startedAt) }
}
