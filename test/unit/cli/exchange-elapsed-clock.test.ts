import { expect, test } from 'vitest'
import { elapsedClock } from '../../../src/cli/exchange/elapsed-clock.ts'

/** Each step moves both clocks; returns what has elapsed after the last. */
function elapsedAfter(steps: readonly (readonly [steady: number, wall: number])[]): number {
  let [steady, wall] = [1000, 1_800_000_000]
  const elapsed = elapsedClock({ steadySeconds: () => steady, wallSeconds: () => wall })
  for (const [bySteady, byWall] of steps) {
    steady += bySteady
    wall += byWall
    elapsed()
  }
  return elapsed()
}

const HOUR = 3600
const USUAL = [10, 10] as const

test.each<[string, (readonly [number, number])[], number]>([
  ['nothing happened', [], 0],
  ['both agree', [USUAL, USUAL, USUAL], 30],
  ['the machine was suspended', [USUAL, [0.5, HOUR], USUAL], 20 + HOUR],
  ['the wall clock was set back', [USUAL, [10, -HOUR], USUAL], 30],
  ['the wall clock was set forwards', [USUAL, [10, HOUR + 10], USUAL], 30 + HOUR],
  ['it was set forwards and back', [[10, HOUR], [10, -HOUR], USUAL], 20 + HOUR],
  ['it is slewed', [[10, 12], USUAL, USUAL], 30],
])('counts where %s', (_title, steps, elapsed) => {
  expect(elapsedAfter(steps)).toBe(elapsed)
})

test('does not count the whole seconds of the wall clock twice', () => {
  const steps = Array.from({ length: 100 }, (_, index) => [0.5, index % 2] as const)
  expect(elapsedAfter(steps)).toBe(50)
})
