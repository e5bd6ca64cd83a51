/**
 * What one look at a text shows of its form as JSON, before it is parsed: how deep it is and how many members it names.
 *
 * `JSON.parse` keeps the last of two members with one name and does not say so; that fewer are left than were written does.
 */

export interface JsonShape {
  readonly depth: number
  /** Of all objects, each as often as it is written. */
  readonly members: number
  readonly hasEscapes: boolean
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
/** `[` and `{`, `]` and `}` differ in this bit alone. */
const BRACE = 0x20
const OPENING = 0x5b | BRACE
const CLOSING = 0x5d | BRACE

/** Holds for a text that is JSON; for any other one, until `JSON.parse` refuses it. */
export function shapeOf(text: string): JsonShape {
  let members = 0
  let open = 0
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) index = endOfString(text, index)
    else if (character === COLON) members += 1
    else if ((character | BRACE) === OPENING) depth = Math.max(depth, (open += 1))
    else if ((character | BRACE) === CLOSING) open -= 1
  }
  return { depth, members, hasEscapes: text.includes('\\') }
}

/** The closing quote, or the end of a text without one. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, index: number): boolean {
  let first = index
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1
  return ((index - first) & 1) === 1
}
