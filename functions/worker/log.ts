/**
 * The Worker's log: one JSON line a record, on the console that Workers Logs collects.
 */

import { jsonLog } from '../../src/log.ts'

export const log = jsonLog((level, line) => console[level](line))
