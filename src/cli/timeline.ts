/**
 * A timeline in text: a row a key over one common axis, a column a stretch of time.
 */

import { formatLocal, timeZone } from './moments.ts'
import { styled } from './output.ts'

export type Phase = 'published' | 'signs' | 'retiring'

export interface Stretch {
  readonly from: number
  /** Infinity where no end is known. */
  readonly until: number
  readonly phase: Phase
}

export interface TimelineRow {
  readonly label: string
  readonly stretches: readonly Stretch[]
}

export interface Axis {
  readonly from: number
  readonly until: number
  /** Marked, where the axis has it. */
  readonly now: number
}

export interface Canvas {
  /** In columns, labels included. */
  readonly width: number
  readonly ascii: boolean
}

const MARKS = {
  blocks: { published: '░', signs: '█', retiring: '▒', now: '│', here: '▼' },
  ascii: { published: '.', signs: '#', retiring: '=', now: '|', here: 'v' },
} as const

const COLOURS = { published: 'cyan', signs: 'green', retiring: 'yellow' } as const

const LEGEND = { published: 'published', signs: 'signs', retiring: 'signs no more' } as const

/** Days are told apart by their dates; within two of them the time is needed. */
const DATED_SECONDS_MIN = 2 * 86_400

const GAP = 2

/** Lines, the axis, a legend and the time zone last. */
export function timeline(rows: readonly TimelineRow[], axis: Axis, canvas: Canvas): string[] {
  const marks = canvas.ascii ? MARKS.ascii : MARKS.blocks
  const margin = rows.reduce((most, { label }) => Math.max(most, label.length), 0) + GAP
  const columns = Math.max(canvas.width - margin, 1)
  const scale = scaleOf(axis, columns)
  const nowColumn = Math.floor((axis.now - axis.from) / scale)
  const hasNow = nowColumn >= 0 && nowColumn < columns
  const bars = rows.map(({ label, stretches }) => {
    const cells = Array.from({ length: columns }, (_, column) =>
      phaseIn(stretches, axis.from + column * scale, axis.from + (column + 1) * scale),
    )
    const text = cells.map((phase, column) => {
      if (phase !== undefined) return styled(COLOURS[phase], marks[phase])
      return column === nowColumn ? marks.now : ' '
    })
    return `${label.padEnd(margin)}${text.join('')}`.trimEnd()
  })
  const indent = ' '.repeat(margin)
  const legend = Object.entries(LEGEND).map(([phase, what]) => `${marks[phase as Phase]} ${what}`)
  return [
    ...(hasNow ? [`${indent}${nowLabel(nowColumn, columns, marks.here)}`] : []),
    ...bars,
    ...[...ends(axis, columns), ...fitting(legend, columns), `times in ${timeZone()}`].map(
      (line) => `${indent}${line}`,
    ),
  ]
}

/** Seconds a column. */
function scaleOf({ from, until }: Axis, columns: number): number {
  return Math.max(until - from, 1) / columns
}

/** What takes most of the time; but what would have no column of its own has the one that it begins in. */
function phaseIn(stretches: readonly Stretch[], from: number, until: number): Phase | undefined {
  const short = stretches.find(
    (stretch) =>
      stretch.from >= from && stretch.from < until && stretch.until - stretch.from < until - from,
  )
  if (short !== undefined) return short.phase
  let longest: { readonly phase: Phase; readonly seconds: number } | undefined
  for (const stretch of stretches) {
    const seconds = Math.min(stretch.until, until) - Math.max(stretch.from, from)
    if (seconds > (longest?.seconds ?? 0)) longest = { phase: stretch.phase, seconds }
  }
  return longest?.phase
}

/** Its mark is above the column; the word before it where it would leave the axis. */
function nowLabel(column: number, columns: number, mark: string): string {
  const word = 'now'
  if (column + word.length + 2 <= columns) return `${' '.repeat(column)}${mark} ${word}`
  return `${' '.repeat(Math.max(column - word.length - 1, 0))}${word} ${mark}`
}

/** Lines: one where both fit in it. */
function ends({ from, until }: Axis, columns: number): string[] {
  const characters =
    until - from < DATED_SECONDS_MIN ? 'YYYY-MM-DD hh:mm'.length : 'YYYY-MM-DD'.length
  const first = formatLocal(from).slice(0, characters)
  const last = formatLocal(until).slice(0, characters)
  if (columns <= 2 * characters) return [first, last.padStart(columns)]
  return [`${first}${last.padStart(columns - characters)}`]
}

/** In one line, or each in one of its own. */
function fitting(words: readonly string[], columns: number): readonly string[] {
  const line = words.join('   ')
  return line.length <= columns ? [line] : words
}
