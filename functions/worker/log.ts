/**
 * The log of the Worker: one JSON line a record, on the console that Workers Logs collect.
 */

import { jsonLog } from '../../src/log.ts'

export const log = jsonLog((level, line) => console[level](line))
