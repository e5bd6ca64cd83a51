/**
 * Ends a test run with one plain line that every log reader understands: `N passed, N failed`.
 */

import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      // A file that cannot be loaded has no tests to count, and must not look like a success.
      counts.failed += module.errors().length
      // Nor may a suite whose set-up or end failed.
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state !== 'pending') counts[state] += 1
      }
    }
    counts.failed += errors.length
    const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  }
}
