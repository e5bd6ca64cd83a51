/**
 * One expression of a policy, compiled, and of the type that its place takes.
 */

import { compileExpression } from './compile-expression.ts'
import type { CompiledExpression } from './expression.ts'
import type { PolicyProblem } from './policy-problem.ts'

type Path = PolicyProblem['path']

/** Collects what is wrong while all of a policy is gone through. */
export type Report = (problem: PolicyProblem) => void

const WANTED = { bool: 'true or false (bool)', string: 'a text (string)' } as const

/**
 * `undefined` after a report. `type`: what its value must be, as far as that is known before there are claims; `dyn`, the type
 * of a claim, goes for any.
 */
export function compileMember(
  source: string,
  path: Path,
  type: keyof typeof WANTED | 'any',
  report: Report,
): CompiledExpression | undefined {
  const compilation = compileExpression(source)
  if (!compilation.ok) {
    report({ path, at: compilation.at, message: compilation.message })
    return undefined
  }
  if (type === 'any' || compilation.type === type || compilation.type === 'dyn') {
    return compilation.expression
  }
  report({
    path,
    message: `must give ${WANTED[type]}, got an expression of type ${compilation.type}`,
  })
  return undefined
}
