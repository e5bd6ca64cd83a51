/**
 * What an expression may say, before its types are checked: only names from a list, and only forms whose meaning and whose
 * worst case are known.
 *
 * The limits of the parser (nodes, depth, lists) hold already; what it costs is in `cel-cost.ts`.
 */

import { shortened } from '../printable.ts'
import { FUNCTIONS, MACROS, METHODS, RECORDS, SEARCHES, VARIABLES } from './cel-environment.ts'
import { authoredText, childrenOf, isMemberPath, macroCall, type ASTNode } from './cel-nodes.ts'
import { OPERATORS_HINT } from './cel-problem.ts'
import { GLOB_CHARS_MAX, globProblem } from './glob.ts'

/** Where in the expression, and what, as the end of a sentence that begins with the expression. */
interface FormProblem {
  readonly at: number
  readonly message: string
}

interface Scope {
  /** Names of the macros around it. */
  readonly items: readonly string[]
  /** Whether its value is the expression's, or a part of that. */
  readonly isResult: boolean
}

/** Of what the expression names, in a message. */
const NAME_CHARS_MAX = 60

/** Names that the library leaves out of objects, without a word. */
const NO_MEMBERS = ['__proto__', 'constructor', 'prototype']

/** The first of them. */
export function formProblem(expression: ASTNode): FormProblem | undefined {
  return problemIn(expression, { items: [], isResult: true })
}

function problemIn(node: ASTNode, scope: Scope): FormProblem | undefined {
  const inner = { ...scope, isResult: false }
  switch (node.op) {
    case 'value':
      return literalProblem(node)
    case 'id':
      return nameProblem(node, scope)
    case '.':
      return memberProblem(node, inner)
    case '?:': {
      const [condition, ...arms] = node.args
      return problemIn(condition, inner) ?? firstProblem(arms, scope)
    }
    case 'list':
      return firstProblem(node.args, scope)
    case 'map':
      return objectProblem(node, scope)
    case 'call':
      return callProblem(node, inner)
    case 'rcall':
      return methodProblem(node, scope)
    default:
      return firstProblem(childrenOf(node), inner)
  }
}

function firstProblem(nodes: readonly ASTNode[], scope: Scope): FormProblem | undefined {
  for (const node of nodes) {
    const found = problemIn(node, scope)
    if (found !== undefined) return found
  }
  return undefined
}

function literalProblem(node: ASTNode & { op: 'value' }): FormProblem | undefined {
  const value = node.args
  if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
    return problem(node, 'has a number of more than 53 bits, which JSON does not hold exactly')
  }
  if (typeof value !== 'object' || value === null) return undefined
  return problem(
    node,
    'has bytes or a number with u, which no claim is: write a text or a plain number',
  )
}

function nameProblem(node: ASTNode & { op: 'id' }, { items }: Scope): FormProblem | undefined {
  const name = node.args
  if (name === 'claims' || items.includes(name)) return undefined
  const members = membersOf(name)
  if (members !== undefined) {
    return problem(node, `takes ${name} as a whole: its members are ${members.join(', ')}`)
  }
  return problem(
    node,
    `reads ${short(name)}, which is not known: known are ${[...VARIABLES, ...items.map(short)].join(', ')}`,
  )
}

function memberProblem(node: ASTNode & { op: '.' }, scope: Scope): FormProblem | undefined {
  const [left, member] = node.args
  const members = left.op === 'id' ? membersOf(left.args) : undefined
  if (left.op !== 'id' || members === undefined) return problemIn(left, scope)
  if (members.includes(member)) return undefined
  const known = members.map((name) => `${left.args}.${name}`).join(', ')
  return {
    at: node.pos,
    message: `reads ${left.args}.${short(member)}, which is not known: known are ${known}`,
  }
}

function membersOf(name: string): readonly string[] | undefined {
  return Object.entries(RECORDS).find(([record]) => record === name)?.[1]
}

function objectProblem(node: ASTNode & { op: 'map' }, scope: Scope): FormProblem | undefined {
  // The library compares objects by their JavaScript members, inherited ones among them.
  if (!scope.isResult) return problem(node, 'compares an object as a whole: compare its members')
  const names = new Set<string>()
  for (const [key] of node.args) {
    const name = key.op === 'value' && typeof key.args === 'string' ? key.args : undefined
    if (name === undefined) return problem(key, 'has a member without a written name')
    if (NO_MEMBERS.includes(name)) return problem(key, `has a member ${name}: take another name`)
    if (names.has(name)) return problem(key, 'has two members of the same name')
    names.add(name)
  }
  return firstProblem(
    node.args.map(([, value]) => value),
    scope,
  )
}

function callProblem(node: ASTNode & { op: 'call' }, scope: Scope): FormProblem | undefined {
  const [name, args] = node.args
  if (!FUNCTIONS.includes(name)) return unknownProblem(node, name)
  const [first, pattern] = args
  if (name === 'has' && first !== undefined && !isMemberPath(first)) {
    return problem(
      first,
      'has a has() of no member: write has(claims.x), or "x" in claims for any name',
    )
  }
  if (name === 'glob' && pattern !== undefined) {
    const found = patternProblem(pattern)
    if (found !== undefined) return found
  }
  return firstProblem(args, scope)
}

/** A pattern out of a claim would let the sender write the star. */
function patternProblem(node: ASTNode): FormProblem | undefined {
  const pattern = authoredText(node)
  if (pattern === undefined) {
    return problem(
      node,
      'has a glob() whose pattern is not written out: write it as a text, joined with entry.name or not',
    )
  }
  const found = globProblem(pattern)
  return found === undefined ? undefined : problem(node, `has a glob() whose pattern ${found}`)
}

function methodProblem(node: ASTNode & { op: 'rcall' }, scope: Scope): FormProblem | undefined {
  const [name, receiver, args] = node.args
  const inner = { ...scope, isResult: false }
  if (MACROS.includes(name)) return macroProblem(node, scope)
  if (!METHODS.includes(name)) return unknownProblem(node, name)
  if (scope.items.length > 0 && (name === 'split' || name === 'join')) {
    return problem(node, `has ${name}() within a macro: only before one`)
  }
  const [search] = args
  if (SEARCHES.includes(name) && search !== undefined) {
    const found = searchProblem(search, name)
    if (found !== undefined) return found
  }
  return problemIn(receiver, inner) ?? firstProblem(args, inner)
}

/** Two texts of a sender, one looked for in the other, cost the product of their lengths. */
function searchProblem(node: ASTNode, name: string): FormProblem | undefined {
  const text = authoredText(node)
  if (text === undefined) {
    return problem(
      node,
      `has a ${name}() for a text that is not written out: write it as a text, joined with entry.name or not`,
    )
  }
  if (text.length <= GLOB_CHARS_MAX) return undefined
  return problem(node, `has a ${name}() for a text of more than ${GLOB_CHARS_MAX} characters`)
}

function macroProblem(node: ASTNode & { op: 'rcall' }, scope: Scope): FormProblem | undefined {
  const macro = macroCall(node)
  const name = node.args[0]
  if (macro?.variable.op !== 'id') {
    return problem(
      node,
      `has ${name}() without a name for the item and what is asked of it: list.${name}(x, …)`,
    )
  }
  if (scope.items.length > 0) return problem(node, `has ${name}() within a macro: they do not nest`)
  const item = macro.variable.args
  if (VARIABLES.includes(item)) {
    return problem(
      macro.variable,
      `has ${name}() that calls the item ${item}, which is the name of something else`,
    )
  }
  const inner = { items: [item], isResult: false }
  return (
    problemIn(macro.list, { ...scope, isResult: false }) ??
    firstProblem(macro.body.slice(0, -1), inner) ??
    firstProblem(macro.body.slice(-1), { ...inner, isResult: scope.isResult })
  )
}

function unknownProblem(node: ASTNode, name: string): FormProblem {
  if (name === 'matches') {
    return problem(node, 'has matches(), which is not known here: use glob(text, pattern)')
  }
  if (/^(?:and|or|not)$/i.test(name)) {
    return problem(node, `has ${name}(), which is not known here: ${OPERATORS_HINT}`)
  }
  const methods = [...METHODS, ...MACROS].map((method) => `.${method}()`)
  const known = [...FUNCTIONS.map((each) => `${each}()`), ...methods].join(', ')
  return problem(node, `has ${short(name)}(), which is not known here: known are ${known}`)
}

function problem(node: ASTNode, message: string): FormProblem {
  return { at: node.start, message }
}

/** A name may be as long as the expression. */
function short(name: string): string {
  return shortened(name, NAME_CHARS_MAX)
}
