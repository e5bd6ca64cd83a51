/**
 * The syntax tree of an expression, as those read it that decide by its form.
 */

import type { ASTNode } from '@marcbachmann/cel-js'
import { POLICY_NAME_CHARS_MAX } from '../limits.ts'
import { MACROS, VARIABLES } from './cel-environment.ts'

export type { ASTNode } from '@marcbachmann/cel-js'

/** A call that goes through a list: with a name for the item, and what is made of each. */
export interface MacroCall {
  readonly name: string
  readonly list: ASTNode
  readonly variable: ASTNode
  readonly body: readonly ASTNode[]
}

/** Parts of a node, from left to right. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

/** `undefined` for any other node, and for a macro's name with another number of arguments: that is a call of no function. */
export function macroCall(node: ASTNode): MacroCall | undefined {
  if (node.op !== 'rcall') return undefined
  const [name, list, [variable, ...body]] = node.args
  if (!MACROS.includes(name) || variable === undefined) return undefined
  const isCall = body.length === 1 || (name === 'map' && body.length === 2)
  return isCall ? { name, list, variable, body } : undefined
}

export function everyNode(node: ASTNode, visit: (node: ASTNode) => void): void {
  visit(node)
  for (const child of childrenOf(node)) everyNode(child, visit)
}

/** Whether it reads claims, entry or request: macros' own names are never called so. */
export function readsVariables(node: ASTNode): boolean {
  let reads = false
  everyNode(node, (each) => {
    if (each.op === 'id' && VARIABLES.includes(each.args)) reads = true
  })
  return reads
}

/** Whether the value begins with the entry's name and `:` or `/`, whatever it reads. */
export function startsWithEntryName(node: ASTNode): boolean {
  if (node.op === '?:') return node.args.slice(1).every(startsWithEntryName)
  const [first, second] = summands(node)
  if (first === undefined || !isEntryName(first) || second?.op !== 'value') return false
  return typeof second.args === 'string' && /^[:/]/.test(second.args)
}

/**
 * A text that the author of the policy wrote, and nobody else: literals and the entry's name, joined. The name, which is
 * a DNS label and so has nothing special, is as long as it can be.
 */
export function authoredText(node: ASTNode): string | undefined {
  if (node.op === 'value') return typeof node.args === 'string' ? node.args : undefined
  if (isEntryName(node)) return 'n'.repeat(POLICY_NAME_CHARS_MAX)
  if (node.op !== '+') return undefined
  const [left, right] = node.args.map(authoredText)
  return left === undefined || right === undefined ? undefined : left + right
}

/** `claims.a.b`, which is what `has()` takes. */
export function isMemberPath(node: ASTNode): boolean {
  if (node.op !== '.') return false
  const [left] = node.args
  return left.op === 'id' || isMemberPath(left)
}

/** Joining is associative, whichever way it is written. */
function summands(node: ASTNode): readonly ASTNode[] {
  return node.op === '+' ? node.args.flatMap(summands) : [node]
}

function isEntryName(node: ASTNode): boolean {
  if (node.op !== '.') return false
  const [left, member] = node.args
  return left.op === 'id' && left.args === 'entry' && member === 'name'
}
