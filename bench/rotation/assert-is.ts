/**
 * What is checked before, while and after it is measured: a rotation that does something else has other costs.
 */

/** Throws a sentence, which ends the bench. */
export function assertIs(what: string, value: unknown, expected: unknown): void {
  if (value === expected) return
  throw new Error(`${what} should be ${shown(expected)}, got ${shown(value)}`)
}

function shown(value: unknown): string {
  return String(value) || 'nothing'
}
