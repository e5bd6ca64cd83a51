/**
 * Where in a YAML text a problem of its policy is.
 */

import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'
import type { PolicyProblem } from '../../policies/policy-problem.ts'
import { offsetInSource } from './scalar-place.ts'

/** Both from 1. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

export interface WrittenDocument {
  readonly text: string
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

interface Found {
  readonly node: unknown
  /** Of the name of a member, or of the beginning of an item. */
  readonly offset: number
}

/**
 * A member by its name, an item of a list by its beginning, and a place in an expression by its character; what is missing by
 * what it is missing from. Through an alias, the place is where the text stands.
 */
export function placeOf(
  written: WrittenDocument,
  { path, at }: Pick<PolicyProblem, 'path' | 'at'>,
): TextPlace {
  let found: Found = { node: written.document.contents, offset: startOf(written.document.contents) }
  for (const step of path) {
    const next = stepInto(written.document, found, step)
    if (next === undefined) return textPlace(written.lines, found.offset)
    found = next
  }
  const within = at === undefined ? undefined : withinScalar(written, found.node, at)
  return textPlace(written.lines, within ?? found.offset)
}

export function textPlace(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function stepInto(
  document: Document.Parsed,
  { node, offset }: Found,
  step: string | number,
): Found | undefined {
  const target = resolved(document, node)
  if (isSeq(target)) {
    const item = target.items[Number(step)]
    return item === undefined ? undefined : { node: item, offset: startOf(item, offset) }
  }
  if (!isMap(target)) return undefined
  const pair = target.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key, offset) }
}

function withinScalar(
  { text, document }: WrittenDocument,
  node: unknown,
  { line, column }: TextPlace,
): number | undefined {
  const scalar = resolved(document, node)
  if (!isScalar(scalar) || typeof scalar.value !== 'string' || !scalar.range) return undefined
  const { value, type: style } = scalar
  const [start, end] = scalar.range
  const before = value.split('\n').slice(0, line - 1)
  const offset = before.reduce((length, each) => length + each.length + 1, column - 1)
  return start + offsetInSource({ value, style, source: text.slice(start, end) }, offset)
}

function resolved(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function startOf(node: unknown, otherwise = 0): number {
  return (node as Partial<Node> | null)?.range?.[0] ?? otherwise
}
