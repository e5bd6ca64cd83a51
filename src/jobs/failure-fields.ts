/**
 * What failed, as fields of a log record: a fault in its own words, anything else by its name alone.
 */

import { errorName, Fault, type FaultCode } from '../errors.ts'
import type { LogFields } from '../log.ts'

/** `internal`: what is no fault. */
export type FailureCode = FaultCode | 'internal'

export function failureFields(error: unknown): LogFields & { readonly code: FailureCode } {
  return error instanceof Fault
    ? { code: error.code, problem: error.message }
    : { code: 'internal', cause: errorName(error) }
}
