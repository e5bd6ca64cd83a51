/**
 * What commands print: data on standard output, prose on standard error.
 *
 * Cells and prose may hold what a host or a token says, so whatever could steer a terminal is escaped here.
 */

import { styleText } from 'node:util'
import { printable } from '../printable.ts'

/** Data: what a pipe is meant to carry. As it is: whoever calls this has escaped it or knows what it is. */
export function data(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Data for programs: one JSON document, in which unprintable characters are escaped as JSON has it. */
export function json(value: unknown): void {
  const text = JSON.stringify(value, null, 2)
  data(text.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, jsonEscape))
}

/** By code unit, since JSON knows no other escape. */
function jsonEscape(character: string): string {
  return character
    .split('')
    .map((unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** Prose, a line: what a person should know and a pipe should not carry. */
export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

type Style = Parameters<typeof styleText>[0]

/** Styled where standard output is a terminal that wants colours (NO_COLOR is honoured). */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

/** Columns padded to their widest cell. Cells hold no styles. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable))
  const widths = header.map((title, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), title.length),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [styled('bold', line(header)), ...cells.map(line)].join('\n')
}

/** Names and values, one a line. */
export function fields(entries: readonly (readonly [string, string])[]): string {
  const cells = entries.map(([name, value]) => [printable(name), printable(value)] as const)
  const width = cells.reduce((most, [name]) => Math.max(most, name.length), 0)
  return cells.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}
