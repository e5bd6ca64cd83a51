/**
 * How long something took, as every audit record says it: milliseconds, to a hundredth.
 */

import type { Stopwatch } from '../stopwatch.ts'

export function millisecondsSince(begunAt: number, stopwatch: Stopwatch): number {
  return Math.round((stopwatch() - begunAt) * 100) / 100
}
