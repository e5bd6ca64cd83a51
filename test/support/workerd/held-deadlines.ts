/**
 * Deadlines in the hand of the test: none passes before the test says so.
 */

import type { Deadline } from '../../../src/deadline.ts'

interface HeldDeadlines {
  readonly deadline: Deadline
  /** Lets every deadline of so many milliseconds pass that is waited for now; how many there were. */
  pass(milliseconds: number): number
}

export function heldDeadlines(): HeldDeadlines {
  const waiting = new Map<() => void, number>()
  return {
    deadline: (milliseconds, done) =>
      new Promise((resolve) => {
        waiting.set(resolve, milliseconds)
        done.addEventListener('abort', () => waiting.delete(resolve))
      }),
    pass: (milliseconds) => {
      const passing = [...waiting].filter(([, each]) => each === milliseconds)
      for (const [resolve] of passing) resolve()
      return passing.length
    },
  }
}
