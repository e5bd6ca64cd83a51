/**
 * A policy checked without a host: its text, its form, its expressions and, where the issuer is named, what that rules out.
 */

import { isLoopbackUrl } from '../../issuers/issuer-identifier.ts'
import { compilePolicy } from '../../policies/compile-policy.ts'
import type { CompiledPolicy } from '../../policies/compiled-policy.ts'
import type { ExchangePolicy } from '../../policies/exchange-policy.ts'
import { parsePolicy } from '../../policies/parse-policy.ts'
import { type PolicyProblem, problemSentence } from '../../policies/policy-problem.ts'
import { policyRuleProblems } from '../../policies/policy-rules.ts'
import { printable } from '../../printable.ts'
import { type PlacedProblem, type PolicySource, readPolicySource } from './policy-source.ts'

export type CheckedPolicy =
  | {
      readonly ok: true
      readonly policy: ExchangePolicy
      readonly compiled: CompiledPolicy
      readonly source: PolicySource
    }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] }

/** `issuer`: identifier of the one that it is for; what depends on it is not checked when `undefined`. */
export async function checkPolicyFile(
  file: string,
  issuer: string | undefined,
): Promise<CheckedPolicy> {
  const read = await readPolicySource(file)
  if (!read.ok) return read
  const { source } = read
  const refused = (problems: readonly PolicyProblem[]): CheckedPolicy => ({
    ok: false,
    problems: placed(problems, source),
  })
  const parsed = parsePolicy(source.json)
  if (!parsed.ok) return refused(parsed.problems)
  const { policy } = parsed
  const compilation = await compilePolicy(policy)
  if (!compilation.ok) return refused(compilation.problems)
  const { policy: compiled } = compilation
  const ruled = issuer === undefined ? [] : problemsFor(issuer, policy, compiled)
  return ruled.length > 0 ? refused(ruled) : { ok: true, policy, compiled, source }
}

/** What several entries have through aliases is wrong once, where it was written. */
export function placed(
  problems: readonly PolicyProblem[],
  source: PolicySource,
): readonly PlacedProblem[] {
  const found = new Map<string, PlacedProblem>()
  for (const problem of problems) {
    const its = source.place(problem)
    const place = `${its.line}:${its.column} ${its.message}`
    if (!found.has(place)) found.set(place, its)
  }
  return [...found.values()]
}

/** As far as they can be known without its host, which knows its keys, its limits and its other issuers. */
function problemsFor(
  issuer: string,
  policy: ExchangePolicy,
  compiled: CompiledPolicy,
): PolicyProblem[] {
  const url = URL.parse(issuer)
  return policyRuleProblems(policy, compiled, {
    issuer,
    tokenTtlMaxSeconds: Infinity,
    hasAdoptedKeys: false,
    ownFingerprints: new Set(),
    isDevelopment: url !== null && isLoopbackUrl(url),
    isOwnUrl: () => false,
  })
}

/** A line each, as compilers have it. */
export function problemLines(name: string, problems: readonly PlacedProblem[]): string[] {
  return problems.map(({ line, column, path, message }) =>
    printable(`${name}:${line}:${column}: ${problemSentence({ path, message })}`),
  )
}
