/**
 * Text from elsewhere, as it may stand in a message, a log line or a terminal.
 */

import { SHOWN_CHARS_MAX, SHOWN_PROBLEMS_MAX } from './limits.ts'

/** Control and format characters (bidirectional ones among them), line and paragraph separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Each unprintable character as `\u{…}`: what somebody else wrote must not steer whoever reads it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const codePoint = character.codePointAt(0) ?? 0
    return String.raw`\u{${codePoint.toString(16)}}`
  })
}

export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) === -1
}

/**
 * A value that was given, as a message repeats it: short and printable. Lists and objects by their kind alone, since a
 * deep one would overflow the stack of whoever prints it.
 */
export function shown(value: unknown, charsMax: number = SHOWN_CHARS_MAX): string {
  if (value === undefined) return 'nothing'
  // It has an account in it, and what it names is for nobody else to know.
  if (typeof value === 'string' && /^\s*arn:/i.test(value)) return 'an ARN'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  // JSON has no infinite numbers, and would say null.
  return shortened(typeof value === 'number' ? String(value) : JSON.stringify(value), charsMax)
}

/** The first few of many sentences or names, and how many more there are. */
export function firstFew(all: readonly string[], joiner: string): string {
  const more = all.length - SHOWN_PROBLEMS_MAX
  const few = all.slice(0, SHOWN_PROBLEMS_MAX)
  return [...few, ...(more > 0 ? [`and ${more} more`] : [])].join(joiner)
}

/** The beginning of a text, printable, and an ellipsis for the rest of it. */
export function shortened(text: string, charsMax: number = SHOWN_CHARS_MAX): string {
  if (text.length <= charsMax) return printable(text)
  // Not half of the character that the limit cuts through.
  return `${printable(text.slice(0, charsMax).replace(/[\uD800-\uDBFF]$/, ''))}…`
}
