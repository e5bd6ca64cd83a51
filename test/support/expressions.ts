/**
 * Expressions over one token's claims, among them names that JavaScript gives a meaning.
 */

import type { JsonObject } from '../../src/json.ts'
import { compileExpression } from '../../src/policies/compile-expression.ts'
import type { CompiledExpression, Evaluation } from '../../src/policies/expression.ts'

export const CLAIMS = JSON.parse(
  `{"sub":"repo:octo/app:ref:refs/heads/main","groups":["dev","ops"],"n":5,"exp":2000,"iat":1000,
    "five":"5","ok":true,"none":null,"kubernetes.io":{"namespace":"prod","pod":{"name":"p"}},
    "people":[{"name":"a"},{"name":"b"}],"__proto__":{"admin":true},"text":"secret-value",
    "mixed":"ÄB\u212a","odd":{"__proto__":{}},"plain":{"x":{}},"blank":" a "}`,
) as JsonObject

export function expression(source: string): CompiledExpression {
  const result = compileExpression(source)
  if (!result.ok) throw new Error(`${source}: ${result.message}`)
  return result.expression
}

export function evaluated(source: string, claims: JsonObject = CLAIMS): Evaluation {
  return expression(source).evaluate({
    claims,
    entry: { name: 'cluster-a', issuer: 'https://issuer.example' },
    request: { audience: 'sts.amazonaws.com', subjectTokenType: 'jwt' },
  })
}

export function problemOf(source: string, claims?: JsonObject): string {
  const result = evaluated(source, claims)
  return result.ok ? `a value: ${JSON.stringify(result.value)}` : result.problem
}
