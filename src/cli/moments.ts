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

const DURATION_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const SPAN_SECONDS = { ...DURATION_SECONDS, w: 604_800, y: 31_536_000 } as const

/** `90d`, `24h`, `15m`, `30s` or a plain number of seconds. */
export function parseDuration(text: string): number {
  return parseWith(text, DURATION_SECONDS, 'such as 90d, 24h, 15m')
}

/** As a duration, and in weeks and years of 365 days: what a forecast is made for. */
export function parseSpan(text: string): number {
  return parseWith(text, SPAN_SECONDS, 'such as 1y, 6w, 90d')
}

function parseWith(
  text: string,
  units: Readonly<Record<string, number>>,
  examples: string,
): number {
  const [, digits, unit = 's'] = /^(\d{1,9})([a-z])?$/.exec(text) ?? []
  const seconds = units[unit]
  if (digits !== undefined && seconds !== undefined) return Number(digits) * seconds
  const names = Object.keys(units)
  throw usageError(
    `a duration must be a whole number with ${names.slice(0, -1).join(', ')} or ${names.at(-1)} (${examples}), got ${JSON.stringify(text)}`,
  )
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
  return `${formatLocal(moment)} (${formatDistance(moment, now)})`
}

/** `in 3 d`, `3 d ago`, `now`. */
export function formatDistance(moment: number, now: number): string {
  if (moment === now) return 'now'
  const distance = formatDuration(moment - now)
  return moment > now ? `in ${distance}` : `${distance} ago`
}

/** In which moments are printed; by its name, since its distance from UTC may change with the season. */
export function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The Swedish form is the ISO one, in local time. */
export function formatLocal(moment: number): string {
  if (Math.abs(moment) > DATE_SECONDS_MAX) return 'beyond every calendar'
  return new Date(moment * 1000).toLocaleString('sv-SE')
}
