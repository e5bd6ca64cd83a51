/**
 * CEL as policies have it: its variables, and the functions that are not the library's own.
 *
 * Only these names are known; `cel-bounds.ts` refuses every other one, so what the library brings beside them does not count.
 */

import { Environment, EvaluationError, type ASTNode } from '@marcbachmann/cel-js'
import { EXPRESSION_DEPTH_MAX, EXPRESSION_ITEMS_MAX, EXPRESSION_NODES_MAX } from '../limits.ts'
import { matchesGlob } from './glob.ts'

/** Variables whose members are known. */
export const RECORDS = {
  entry: ['name', 'issuer'],
  request: ['audience', 'subjectTokenType'],
} as const satisfies Record<string, readonly string[]>

export const VARIABLES = ['claims', ...Object.keys(RECORDS)]

/** `list.exists(name, …)` and the like: each goes through a list, with a name for its item. */
export const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map']

export const FUNCTIONS = ['bool', 'double', 'glob', 'has', 'int', 'size', 'string']

export const METHODS = [
  'contains',
  'endsWith',
  'indexOf',
  'join',
  'lastIndexOf',
  'lowerAscii',
  'size',
  'split',
  'startsWith',
  'substring',
  'trim',
  'upperAscii',
]

/** Those that look for a text: in the worst case as often as it is long. */
export const SEARCHES = ['contains', 'indexOf', 'lastIndexOf', 'split']

/** The library's cannot be replaced, so calls of these go to ours under another name. */
const OWN_PREFIX = 'own_'
const OWN = ['int', 'lowerAscii', 'split', 'upperAscii']

/** 64 bits with a sign, as CEL has them. */
const INT_LIMIT = 2 ** 63

let made: Environment | undefined

/** Made for the first expression: most starts of a host answer nothing that has one. */
export function environment(): Environment {
  made ??= newEnvironment()
  return made
}

function newEnvironment(): Environment {
  return new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: false,
    limits: {
      maxAstNodes: EXPRESSION_NODES_MAX,
      maxDepth: EXPRESSION_DEPTH_MAX,
      maxListElements: EXPRESSION_ITEMS_MAX,
      maxMapEntries: EXPRESSION_ITEMS_MAX,
      maxCallArguments: 3,
    },
  })
    .registerVariable('claims', 'map<string, dyn>')
    .registerVariable('entry', { schema: textMembers(RECORDS.entry) })
    .registerVariable('request', { schema: textMembers(RECORDS.request) })
    .registerFunction('glob(string, string): bool', matchesGlob, { async: false })
    .registerFunction('own_int(int): int', (value: bigint) => value, { async: false })
    .registerFunction('own_int(double): int', intOfDouble, { async: false })
    .registerFunction('own_int(string): int', intOfText, { async: false })
    .registerFunction('string.own_split(string): list<string>', split, { async: false })
    .registerFunction('string.own_lowerAscii(): string', lowerAscii, { async: false })
    .registerFunction('string.own_upperAscii(): string', upperAscii, { async: false })
}

/** Has a call go to our function where the library's is not what CEL says, or has no bound. */
export function takeOwn(node: ASTNode): void {
  if (node.op !== 'call' && node.op !== 'rcall') return
  const name = node.args[0]
  if (OWN.includes(name)) node.args[0] = `${OWN_PREFIX}${name}`
}

/** A message of the library with the names that the author knows. */
export function withoutOwn(message: string): string {
  return message.replace(new RegExp(String.raw`\b${OWN_PREFIX}(?=${OWN.join('|')})`, 'g'), '')
}

function textMembers(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'string']))
}

function intOfDouble(value: number): bigint {
  // NaN is neither.
  if (value > -INT_LIMIT && value < INT_LIMIT) return BigInt(Math.trunc(value))
  throw new EvaluationError({ code: 'int_conversion_error', message: 'int()' })
}

/** The library takes an empty text for 0, and prefixes of other bases. */
function intOfText(text: string): bigint {
  if (/^-?\d{1,18}$/.test(text)) return BigInt(text)
  throw new EvaluationError({ code: 'int_conversion_error', message: 'int()' })
}

function split(text: string, separator: string): string[] {
  const parts = text.split(separator, EXPRESSION_ITEMS_MAX + 1)
  if (parts.length <= EXPRESSION_ITEMS_MAX) return parts
  throw new EvaluationError({ code: 'too_many_parts', message: 'split()' })
}

/** The library maps all of Unicode, where `K` (Kelvin) becomes a `k`: a name could pass for another. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function upperAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}
