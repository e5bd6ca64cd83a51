/**
 * The grants of `CONTROL_TRUST` ready to verify with: what only shows once keys are read.
 *
 * A grant that is not usable opens nothing; the others open what they open all the same.
 */

import { compileSource } from '../policies/compile-source.ts'
import type { CompiledSource } from '../policies/compiled-policy.ts'
import { problemSentence } from '../policies/policy-problem.ts'
import type { ControlAllowance, ControlGrant } from './control-grant.ts'

export interface CompiledGrant extends CompiledSource {
  readonly allows: readonly ControlAllowance[]
}

export interface GrantsCompilation {
  readonly grants: readonly CompiledGrant[]
  /** A sentence each, as those of the configuration are. */
  readonly problems: readonly string[]
}

export async function compileGrants(grants: readonly ControlGrant[]): Promise<GrantsCompilation> {
  const usable: CompiledGrant[] = []
  const problems: string[] = []
  for (const [index, grant] of grants.entries()) {
    const compilation = await compileSource(grant, [`CONTROL_TRUST.${index}`])
    if (compilation.ok) usable.push({ ...compilation.source, allows: grant.allows })
    else problems.push(...compilation.problems.map(problemSentence))
  }
  return { grants: usable, problems: [...problems, ...keyTwins(usable)] }
}

/** The key selects the grant, so one that is in two of them verifies nothing. */
function keyTwins(grants: readonly CompiledGrant[]): string[] {
  const holders = new Map<string, string>()
  return grants.flatMap(({ name, keys }) =>
    (keys.type === 'jwks' ? keys.keys : []).flatMap(({ fingerprint }) => {
      const holder = holders.get(fingerprint) ?? name
      holders.set(fingerprint, holder)
      if (holder === name) return []
      return [
        `CONTROL_TRUST has one key in ${holder} and in ${name}, and the key tells whose token it is: leave it out of one of them`,
      ]
    }),
  )
}
