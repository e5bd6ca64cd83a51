/**
 * What goes wrong in an expression, for whoever wrote it: where, and why.
 *
 * The library's own words may repeat the value of a claim. What is said of a failed evaluation is therefore said here, out
 * of the source, which is the author's text, and of the names of types.
 */

import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'
import { printable, shortened } from '../printable.ts'
import { withoutOwn } from './cel-environment.ts'
import { isMemberPath, type ASTNode } from './cel-nodes.ts'

export interface Place {
  readonly line: number
  readonly column: number
}

/** Of an expression that may be 4,096 characters long. */
const EXCERPT_CHARS_MAX = 80
const TYPES_CHARS_MAX = 200

/** What other languages write: a word that is no member, or a sign too many or too few. */
const FOREIGN_OPERATOR =
  /(?<![\w.])(?:and|or|not)(?!\w)|(?<![=!<>])=(?!=)|={3}|(?<!&)&(?!&)|(?<!\|)\|(?!\|)/i
export const OPERATORS_HINT = 'CEL writes &&, ||, ! and =='

/** A whole text; what of quotes is left without them is amiss. */
const TEXT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g
const QUOTE = /["'`\u2018-\u201f]/
const QUOTES_HINT = `CEL writes a text as "…" or '…', and \\ before such a quote within it`

/** Both from 1. */
export function placeAt(source: string, offset: number): Place {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Of an expression that does not parse, or whose types do not fit. Nothing but the policy itself has been read by then. */
export function compileProblem(source: string, error: unknown): { at: Place; message: string } {
  if (!(error instanceof ParseError || error instanceof CelTypeError)) {
    return { at: { line: 1, column: 1 }, message: 'is too deeply nested: shorten it' }
  }
  const at = placeAt(source, error.range?.start ?? 0)
  const said = shortened(withoutOwn(error.summary), TYPES_CHARS_MAX)
  if (error instanceof ParseError) {
    return { at, message: `${parseMessage(error.code, said)}${spellingHint(source)}` }
  }
  return { at, message: `does not fit together: ${said}` }
}

function parseMessage(code: string, said: string): string {
  switch (code) {
    case 'limit_exceeded':
      return `is too large: ${said}`
    case 'unexpected_token':
    case 'expected_token':
      if (said.endsWith('EOF')) return 'is not complete: it ends where more is needed'
      break
    default:
  }
  return `is not CEL: ${said}`
}

/** For whoever is used to another language, or whose editor made its own quotes. */
function spellingHint(source: string): string {
  const withoutTexts = source.replace(TEXT, ' ')
  if (QUOTE.test(withoutTexts)) return `: ${QUOTES_HINT}`
  return FOREIGN_OPERATOR.test(withoutTexts) ? `: ${OPERATORS_HINT}` : ''
}

/** Of an evaluation that failed. */
export function evaluationProblem(source: string, error: unknown): string {
  if (!(error instanceof EvaluationError)) return 'it cannot be evaluated with these claims'
  const { node } = error
  const why = reasonOf(error, node, source)
  if (node === undefined) return `an item of a list ${why}`
  const { line, column } = placeAt(source, error.range?.start ?? node.start)
  return `${excerpt(source, node)} (line ${line}, column ${column}) ${why}`
}

function reasonOf(error: EvaluationError, node: ASTNode | undefined, source: string): string {
  switch (error.code) {
    case 'no_such_key':
      return absence(source, node)
    case 'index_out_of_bounds':
      return 'is behind the end of the list: ask for its size() first'
    case 'no_such_overload':
    case 'no_matching_overload':
      return mismatch(types(error.summary))
    case 'invalid_condition_type':
      return 'is neither true nor false'
    case 'invalid_logical_operand':
      // The library names the left one in any case.
      return 'is neither true nor false, or what it is joined with is not'
    case 'invalid_comprehension_range':
      return 'is no list, so nothing goes through it'
    case 'bool_conversion_error':
    case 'double_conversion_error':
    case 'int_conversion_error':
      return 'is of a text or a number that cannot be converted'
    case 'index_out_of_range':
      return 'takes a place that the text does not have'
    case 'too_many_parts':
      return 'has more parts than a list may have items'
    case 'division_by_zero':
    case 'modulo_by_zero':
      return 'divides by zero'
    case 'numeric_overflow':
      return 'is a number of more than 64 bits'
    default:
      return 'cannot be evaluated with these claims'
  }
}

function mismatch(found: string): string {
  const isNumeric = found.includes('double') && found.includes('int')
  const hint = isNumeric ? ': numbers of claims are doubles, so write 1.0 for 1, or int(…)' : ''
  return `does not fit together, ${found}${hint}`
}

/** How to ask whether it is there: by its path, or by its name. */
function absence(source: string, node: ASTNode | undefined): string {
  if (node === undefined) return 'is absent'
  if (isMemberPath(node)) return `is absent: ask has(${excerpt(source, node)}) first`
  if (node.op === '.' || node.op === '[]') {
    return `is absent: ask whether its name is in ${excerpt(source, node.args[0])} first`
  }
  return 'is absent'
}

/** The library names types alone here: `no such overload: dyn<double> + int`. */
function types(summary: string): string {
  const its = withoutOwn(summary)
    .replace(/^[^:']*[:'] ?/, '')
    .replace(/'$/, '')
  return shortened(its.replace(/dyn<([^<>]*)>/g, '$1'), TYPES_CHARS_MAX)
}

function excerpt(source: string, node: ASTNode): string {
  const text = source.slice(node.start, node.end).replace(/\s+/g, ' ')
  return text.length > EXCERPT_CHARS_MAX ? shortened(text, EXCERPT_CHARS_MAX) : printable(text)
}
