/**
 * A moment, as somebody gives it: of a time zone that is written down, since a shell has one and a CI job another.
 */

import { usageError } from '../exit.ts'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/

/** `2026-11-22T01:40:00Z`, or Unix seconds. */
export function parseMoment(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  const milliseconds = ISO.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(milliseconds)) return Math.floor(milliseconds / 1000)
  throw usageError(
    `a moment must be Unix seconds or have its time zone, such as 2026-11-22T01:40:00Z, got ${JSON.stringify(text.slice(0, 80))}`,
  )
}
