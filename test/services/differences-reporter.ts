/**
 * Prints what the services did, beside what AWS documents: a table that was measured in the run it ends.
 */

import type { Reporter, TestModule } from 'vitest/node'
import { data, table } from '../../src/cli/output.ts'
import { COLUMNS, type Column, type Seen } from './difference.ts'

export default class DifferencesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, { documented: string; seen: Map<Column, string> }>()
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      const seen: Seen | undefined = test.meta().seen
      if (seen === undefined) continue
      const row = rows.get(seen.what) ?? { documented: seen.documented, seen: new Map() }
      rows.set(seen.what, row)
      row.seen.set(seen.column, seen.answer === row.documented ? 'the same' : seen.answer)
    }
    if (rows.size === 0) return
    const lines = [...rows].map(([what, { documented, seen }]) => {
      return [what, documented, ...COLUMNS.map((column) => seen.get(column) ?? '-')]
    })
    data(`\n${table(['what', 'AWS documents', ...COLUMNS], lines)}`)
  }
}
