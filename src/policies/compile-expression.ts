/**
 * CEL expressions of exchange policies: compiled once, evaluated for every token.
 *
 * What the language is, is in `cel-environment.ts`; what it leaves out, and why nobody's claims can make it slow, in
 * `cel-bounds.ts` and `cel-cost.ts`. Nothing here throws, whatever the expression and whatever the claims.
 */

import { EXPRESSION_CHARS_MAX, SUBJECT_STRING_CHARS_MAX } from '../limits.ts'
import { formProblem } from './cel-bounds.ts'
import { costProblem, worstSteps } from './cel-cost.ts'
import { environment, takeOwn } from './cel-environment.ts'
import { everyNode, readsVariables, startsWithEntryName, type ASTNode } from './cel-nodes.ts'
import { compileProblem, evaluationProblem, placeAt, type Place } from './cel-problem.ts'
import { celClaims, jsonValue } from './cel-value.ts'
import type { CompiledExpression, Evaluation, ExpressionInput } from './expression.ts'

export type ExpressionCompilation =
  /** `type` as CEL has it: `bool`, `string`, and `dyn` for what only the claims decide. */
  | { readonly ok: true; readonly expression: CompiledExpression; readonly type: string }
  /** `message`: the end of a sentence that begins with the expression. */
  | { readonly ok: false; readonly at: Place; readonly message: string }

type Run = (context: Record<string, unknown>) => unknown

const START: Place = { line: 1, column: 1 }

/** For an expression that reads none of it. */
const NO_INPUT: ExpressionInput = {
  claims: {},
  entry: { name: '', issuer: '' },
  request: { audience: '', subjectTokenType: '' },
}

export function compileExpression(source: string): ExpressionCompilation {
  if (source.length > EXPRESSION_CHARS_MAX) {
    return refused(START, `has more than ${EXPRESSION_CHARS_MAX} characters`)
  }
  try {
    return compile(source)
  } catch (error) {
    const { at, message } = compileProblem(source, error)
    return refused(at, message)
  }
}

/** Throws what the library throws. */
function compile(source: string): ExpressionCompilation {
  const parsed = environment().parse(source)
  const form = formProblem(parsed.ast)
  if (form !== undefined) return refused(placeAt(source, form.at), form.message)
  const steps = worstSteps(parsed.ast)
  const cost = costProblem(steps)
  if (cost !== undefined) return refused(START, cost)
  everyNode(parsed.ast, takeOwn)
  const checked = parsed.check()
  if (!checked.valid || checked.type === undefined) throw checked.error
  return withConstant(source, parsed, checked.type, steps)
}

function withConstant(
  source: string,
  run: Run & { readonly ast: ASTNode },
  type: string,
  steps: number,
): ExpressionCompilation {
  const evaluate = (input: ExpressionInput): Evaluation => evaluated(source, run, input)
  const only = readsVariables(run.ast) ? undefined : evaluate(NO_INPUT)
  if (only?.ok === false) return refused(START, `never has a value: ${only.problem}`)
  const constant = only === undefined ? undefined : { value: only.value }
  const begins = startsWithEntryName(run.ast)
  const expression = { source, constant, startsWithEntryName: begins, steps, evaluate }
  return { ok: true, type, expression }
}

function evaluated(source: string, run: Run, input: ExpressionInput): Evaluation {
  const texts = [...Object.values(input.entry), ...Object.values(input.request)]
  if (texts.some((text) => text.length > SUBJECT_STRING_CHARS_MAX)) {
    return {
      ok: false,
      problem: `the request has more than ${SUBJECT_STRING_CHARS_MAX} characters`,
    }
  }
  try {
    const claims = celClaims(input.claims)
    if (!claims.ok) return { ok: false, problem: `the claims ${claims.problem}` }
    const { entry, request } = input
    const result = jsonValue(run({ claims: claims.value, entry, request }))
    return result.ok ? result : { ok: false, problem: `the expression ${result.problem}` }
  } catch (error) {
    return { ok: false, problem: evaluationProblem(source, error) }
  }
}

function refused(at: Place, message: string): ExpressionCompilation {
  return { ok: false, at, message }
}
