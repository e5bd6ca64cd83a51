/**
 * Contract suites against a service with defects: what must fail there, so that a service that was mended is noticed.
 */

import { afterAll, beforeEach, expect } from 'vitest'

/** Of the tests of the surrounding block, those of these names must fail, and must be there. */
export function expectFailures(names: readonly string[]): void {
  const seen = new Set<string>()
  beforeEach(({ task }) => {
    seen.add(task.name)
    if (names.includes(task.name)) Object.assign(task, { fails: true })
  })
  afterAll(() => {
    expect(names.filter((name) => !seen.has(name))).toEqual([])
  })
}
