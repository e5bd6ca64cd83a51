/**
 * What an expression costs in the worst case, known before it is ever evaluated.
 *
 * A step is about a nanosecond: one character looked at, with some more for a call. All amounts are linear in what a list
 * holds, so that a macro costs what it does for an average item, times the items: one long text in a list is then the same
 * as many short ones.
 */

import { SUBJECT_STRING_CHARS_MAX } from '../limits.ts'
import { SEARCHES } from './cel-environment.ts'
import { authoredText, childrenOf, macroCall, type ASTNode, type MacroCall } from './cel-nodes.ts'
import { GLOB_WORD_BITS } from './glob.ts'
import { CEL_ITEMS_MAX, CEL_SIZE_MAX } from './cel-value.ts'

/** Some tens of milliseconds with the worst claims; with those that tokens have, a thousandth of that. */
const EXPRESSION_STEPS_MAX = 25_000_000
/** Of all expressions of an entry together, since a token has each of them evaluated. */
const ENTRY_STEPS_MAX = 2 * EXPRESSION_STEPS_MAX

/** Of any node: a call, a look-up, types found out at run time. */
const NODE_STEPS = 200
/** Of a character, name or item in a value that is compared: texts take one, small values more. */
const EQUALITY_STEPS = 8
/** Where a failure may be caught, as a macro, && and || do: the library makes a long message of each. */
const FAILURE_STEPS = 16_000
/** Of a character of a text, in a function that looks at all of it. */
const TEXT_STEPS = 5
/** Of a character, and a word of places of a pattern. */
const GLOB_STEPS = 10
/** No number is longer as a text. */
const NUMBER_CHARS = 32

interface Amount {
  /** Characters of the value, where it is a text. */
  readonly chars: number
  /** All characters, items and members of it. */
  readonly size: number
  /** Of any list in it. */
  readonly items: number
  /** For getting there. */
  readonly steps: number
}

type Items = ReadonlyMap<string, Amount>

/** Of an expression, with the worst claims. */
export function worstSteps(expression: ASTNode): number {
  return worstCase(expression, new Map()).steps
}

/** Why one of so many steps may not be, as the end of a sentence that begins with the expression. */
export function costProblem(steps: number): string | undefined {
  const excess = excessOf(steps, EXPRESSION_STEPS_MAX)
  return excess === undefined ? undefined : `${excess}: shorten it, above all within macros`
}

/** Why the expressions of an entry may not be, as the end of a sentence that begins with the entry. `steps`: of each. */
export function entryCostProblem(steps: readonly number[]): string | undefined {
  const all = steps.reduce((total, each) => total + each, 0)
  const excess = excessOf(all, ENTRY_STEPS_MAX)
  if (excess === undefined) return undefined
  return `has ${steps.length} expressions that together ${excess}: leave some out, or shorten them, above all within macros`
}

function excessOf(steps: number, max: number): string | undefined {
  if (steps <= max) return undefined
  return `may cost ${Math.ceil(steps / max)} times what is allowed, with the longest claims there are`
}

function worstCase(node: ASTNode, items: Items): Amount {
  const macro = macroCall(node)
  if (macro !== undefined) return macroCase(macro, items)
  if (node.op === 'id') return items.get(node.args) ?? OF_CLAIMS
  if (node.op === 'value') return literal(node.args)
  const parts = childrenOf(node).map((child) => worstCase(child, items))
  const all = sum(parts)
  const cost = all.steps + NODE_STEPS + ownSteps(node, parts)
  return { ...resultOf(node, parts, all), steps: cost }
}

/** What any claim may be. A claim cannot be a long text and at the same time a long list, but nobody knows which. */
const OF_CLAIMS: Amount = {
  chars: SUBJECT_STRING_CHARS_MAX,
  size: CEL_SIZE_MAX,
  items: CEL_ITEMS_MAX,
  steps: NODE_STEPS,
}

function literal(value: unknown): Amount {
  const chars = typeof value === 'string' ? value.length : NUMBER_CHARS
  return { chars, size: chars, items: 0, steps: NODE_STEPS }
}

function macroCase({ name, list, variable, body }: MacroCall, items: Items): Amount {
  const through = worstCase(list, items)
  const average = through.size / Math.max(through.items, 1)
  const item: Amount = { chars: average, size: average, items: through.items, steps: NODE_STEPS }
  const named = variable.op === 'id' ? variable.args : ''
  const each = body.map((part) => worstCase(part, new Map([...items, [named, item]])))
  const steps = through.steps + NODE_STEPS + through.items * (FAILURE_STEPS + sum(each).steps)
  if (name === 'filter') return { ...through, steps }
  if (name !== 'map') return { chars: 0, size: 1, items: 0, steps }
  const made = each.at(-1)?.size ?? 0
  const size = through.items * (made + 1)
  return { chars: size, size, items: Math.max(through.items, each.at(-1)?.items ?? 0), steps }
}

/** Beside what its parts cost. */
function ownSteps(node: ASTNode, parts: readonly Amount[]): number {
  const [first, second] = parts
  switch (node.op) {
    case '==':
    case '!=':
      return Math.min(first?.size ?? 0, second?.size ?? 0) * EQUALITY_STEPS
    case 'in':
      return (second?.size ?? 0) * EQUALITY_STEPS
    case '+':
      return sum(parts).size
    case '&&':
    case '||':
      return FAILURE_STEPS
    case '<':
    case '<=':
    case '>':
    case '>=':
      return sum(parts).chars
    case 'call':
      if (node.args[0] !== 'glob') return sum(parts).chars * TEXT_STEPS
      return (first?.chars ?? 0) * (2 + (second?.chars ?? 0) / GLOB_WORD_BITS) * GLOB_STEPS
    case 'rcall':
      return methodSteps(node, parts)
    default:
      return parts.length
  }
}

function methodSteps(node: ASTNode & { op: 'rcall' }, parts: readonly Amount[]): number {
  const [list, separator] = parts
  const [name, , [search]] = node.args
  if (name === 'join') return (list?.size ?? 0) + (list?.items ?? 0) * (separator?.chars ?? 0)
  const { chars } = sum(parts)
  if (!SEARCHES.includes(name) || search === undefined) return chars * TEXT_STEPS
  return chars * ((authoredText(search)?.length ?? 0) + 1)
}

function resultOf(node: ASTNode, parts: readonly Amount[], all: Amount): Omit<Amount, 'steps'> {
  switch (node.op) {
    case '.':
      return all
    case '[]':
      return parts[0] ?? all
    case '?:':
    case '+':
      return all
    case 'list':
    case 'map': {
      const count = parts.length
      return { chars: all.chars, size: all.size + count, items: Math.max(all.items, count) }
    }
    case 'rcall':
      return methodResult(node, parts, all)
    case 'call':
      return node.args[0] === 'string' ? text(all.chars + NUMBER_CHARS) : text(NUMBER_CHARS)
    default:
      // Truth or a number.
      return text(NUMBER_CHARS)
  }
}

function methodResult(
  node: ASTNode & { op: 'rcall' },
  parts: readonly Amount[],
  { chars }: Amount,
): Omit<Amount, 'steps'> {
  const [name] = node.args
  if (name === 'join') return text(methodSteps(node, parts))
  if (name === 'split') return { chars, size: chars + CEL_ITEMS_MAX, items: CEL_ITEMS_MAX }
  return text(chars)
}

function text(chars: number): Omit<Amount, 'steps'> {
  return { chars, size: chars, items: 0 }
}

/** Of two arms it is a sum as well: the larger of two averages is not the average of the larger. */
function sum(parts: readonly Amount[]): Amount {
  const total = { chars: 0, size: 0, items: 0, steps: 0 }
  for (const part of parts) {
    total.chars += part.chars
    total.size += part.size
    total.items += part.items
    total.steps += part.steps
  }
  return total
}
