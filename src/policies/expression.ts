/**
 * CEL expressions of policies, as the rest of the core knows them. The language itself is behind `compile-expression.ts`.
 */

import type { JsonObject } from '../json.ts'

/** What an expression reads; nothing else has a name in it. */
export interface ExpressionInput {
  /** Of the verified subject token. */
  readonly claims: JsonObject
  readonly entry: { readonly name: string; readonly issuer: string }
  readonly request: { readonly audience: string; readonly subjectTokenType: string }
}

/** JSON, or why there is none: a sentence for the operator, without values of claims. */
export type Evaluation =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string }

export interface CompiledExpression {
  readonly source: string
  /** Its value where it reads nothing, known when it is compiled. */
  readonly constant: { readonly value: unknown } | undefined
  /** Whether its value begins with the name of the entry and `:` or `/`, whatever it reads, as far as its form shows. */
  readonly startsWithEntryName: boolean
  /** What it costs in the worst case. */
  readonly steps: number
  /** Never throws. */
  evaluate(input: ExpressionInput): Evaluation
}
