/**
 * Moments and durations, as people write and read them.
 */

import { usageError } from './exit.ts'

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** What a Date can hold (ECMA-262 §21.4.1.1). */
const DATE_SECONDS_MAX = 8.64e12

const DURATION = /^(\d{1,9})(s|m|h|d)?$/
const DURATION_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `90d`, `24h`, `15m`, `30s` or a plain number of seconds. */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = DURATION.exec(text) ?? []
  if (digits === undefined) {
    throw usageError(
      `a duration must be a whole number with s, m, h or d (such as 90d, 24h, 15m), got ${JSON.stringify(text)}`,
    )
  }
  return Number(digits) * DURATION_SECONDS[unit as keyof typeof DURATION_SECONDS]
}

/** In the two largest units: `2 d 3 h`, `59 min 55 s`. */
export function formatDuration(seconds: number): string {
  const parts: string[] = []
  let rest = Math.abs(seconds)
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
    if (parts.length === 2) break
  }
  return parts.join(' ') || '0 s'
}

/** Local time, and how far it is from `now`: `2026-11-22 01:40:12 (in 59 min 55 s)`. */
export function formatMoment(moment: number, now: number): string {
  const distance = formatDuration(moment - now)
  const relative = moment > now ? `in ${distance}` : `${distance} ago`
  return `${formatLocal(moment)} (${moment === now ? 'now' : relative})`
}

/** The Swedish form is the ISO one, in local time. */
function formatLocal(moment: number): string {
  if (Math.abs(moment) > DATE_SECONDS_MAX) return 'beyond every calendar'
  return new Date(moment * 1000).toLocaleString('sv-SE')
}
