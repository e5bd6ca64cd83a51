/**
 * What of a policy may be set, and is hardly ever meant: for whoever sets it. No reason to refuse it.
 */

import type { CompiledPolicy } from './compiled-policy.ts'
import type { ExchangePolicy } from './exchange-policy.ts'
import type { CompiledExpression } from './expression.ts'

/** Sentences without their ends. `compiled`: of this very policy. */
export function policyRemarks(policy: ExchangePolicy, compiled: CompiledPolicy): string[] {
  return policy.entries.flatMap(({ issuer }, index) => {
    const condition = compiled.entries[index]?.condition
    if (condition === undefined || !isAlwaysTrue(condition)) return []
    return [
      `entries.${index}.condition is always true: everyone who has a token of ${issuer} is let in`,
    ]
  })
}

/** Whether it lets everybody in, whatever their claims: as far as it reads none. */
export function isAlwaysTrue({ constant }: Pick<CompiledExpression, 'constant'>): boolean {
  return constant?.value === true
}
