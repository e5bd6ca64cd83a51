/**
 * Fields of a record without those that nobody knows, in the order in which they are written down.
 */

import type { LogFields } from '../log.ts'

export function knownFields(
  fields: Readonly<Record<string, LogFields[string] | undefined>>,
): LogFields {
  const known: Record<string, LogFields[string]> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) known[name] = value
  return known
}
