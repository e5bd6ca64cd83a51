/**
 * The log of the functions: one line a record, with metrics in audit records.
 *
 * Not by the console, before whose lines AWS puts what makes them no JSON: metrics and alarms are read from fields of whole
 * lines.
 */

import { emfLog } from '../../src/adapters/lambda/emf-log.ts'
import { systemClock as clock } from '../../src/clock.ts'
import { jsonLog } from '../../src/log.ts'

export const log = emfLog({ log: jsonLog((_level, line) => write(line)), write, clock })

function write(line: string): void {
  process.stdout.write(`${line}\n`)
}
