/**
 * The log of the functions that answer requests: that of every entry point, with metrics in its audit records.
 */

import { emfLog } from '../../src/adapters/lambda/emf-log.ts'
import { systemClock as clock } from '../../src/clock.ts'
import { log as plainLog } from '../log.ts'

export const log = emfLog({
  log: plainLog,
  // Not by the console, to whose lines AWS adds what makes them no JSON.
  write: (line) => void process.stdout.write(`${line}\n`),
  clock,
})
