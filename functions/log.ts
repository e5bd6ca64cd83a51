/**
 * The log of every entry point: one JSON line a record, on the console that Workers Logs and CloudWatch Logs collect.
 */

import { jsonLog } from '../src/log.ts'

export const log = jsonLog((level, line) => console[level](line))
