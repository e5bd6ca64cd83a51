/**
 * From a place in the value of a YAML scalar to the place in the text that it was written in.
 *
 * Folding and indentation change white space alone, and escapes are known: so the characters of both that are no white
 * space are counted, whatever style the scalar has.
 */

import type { Scalar } from 'yaml'

export interface WrittenScalar {
  readonly value: string
  /** `Scalar.type`. */
  readonly style: Scalar.Type | undefined
  /** As it stands in the text, with its quotes or its block header. */
  readonly source: string
}

/** What stands for one character or more of the value; escapes of white space for none that counts. */
const PIECES = {
  escaped: /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])|\S/g,
  singleQuoted: /''|\S/g,
  written: /\S/g,
} as const

const ESCAPED_SPACES = 'ntrvf_LP \t\r\n'

/** `offset`: in the value; its end is a place too. */
export function offsetInSource({ value, style, source }: WrittenScalar, offset: number): number {
  const before = solidCount(value.slice(0, offset))
  const isSolid = solidCount(value.charAt(offset)) === 1
  const { pieces, from, until } = writtenAs(style, source)
  let counted = 0
  let end = from
  for (const { index, 0: piece } of source.slice(from, until).matchAll(pieces)) {
    const count = style === 'QUOTE_SINGLE' ? 1 : solidCount(decoded(piece))
    if (isSolid && counted + count > before) return from + index
    if (!isSolid && counted === before) return end
    counted += count
    end = from + index + piece.length
  }
  return end
}

function writtenAs(
  style: Scalar.Type | undefined,
  source: string,
): { readonly pieces: RegExp; readonly from: number; readonly until: number } {
  const until = source.length
  switch (style) {
    case 'QUOTE_DOUBLE':
      return { pieces: PIECES.escaped, from: 1, until: until - 1 }
    case 'QUOTE_SINGLE':
      return { pieces: PIECES.singleQuoted, from: 1, until: until - 1 }
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return { pieces: PIECES.written, from: source.indexOf('\n') + 1, until }
    default:
      return { pieces: PIECES.written, from: 0, until }
  }
}

function decoded(piece: string): string {
  if (!piece.startsWith('\\') || piece.length === 1) return piece
  const [, hex] = /^\\[xuU]([\da-f]+)$/i.exec(piece) ?? []
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
  return ESCAPED_SPACES.includes(piece.charAt(1)) ? '' : '.'
}

function solidCount(text: string): number {
  return text.match(/\S/g)?.length ?? 0
}
