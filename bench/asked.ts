/**
 * Lists of paths with the answers that they must have.
 */

import { createHash } from 'node:crypto'
import type { AskedPath } from './load/messages.ts'

export function askedPath(path: string, body: string): AskedPath {
  return {
    path,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    bodyBytes: Buffer.byteLength(body),
  }
}

/** The same in every run: a new order at each would be one more thing that figures differ by. */
export function shuffled<T>(values: readonly T[]): T[] {
  const result = [...values]
  let state = 1
  for (let last = result.length - 1; last > 0; last -= 1) {
    // The generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647
    const other = state % (last + 1)
    const [a, b] = [result[last], result[other]]
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a]
  }
  return result
}
