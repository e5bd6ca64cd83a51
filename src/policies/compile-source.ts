/**
 * Whom a policy entry, or the control API, trusts: inline keys read, the condition compiled.
 */

import { KEYS_PER_KID_MAX, SUBJECT_AGE_DEFAULT_SECONDS } from '../limits.ts'
import { shown } from '../printable.ts'
import { readVerificationKey } from '../subject-tokens/read-verification-key.ts'
import type { VerificationKey } from '../subject-tokens/verification-key.ts'
import type { SourceKeys } from '../subject-tokens/verification-source.ts'
import { compileMember, type Report } from './compile-member.ts'
import type { CompiledSource } from './compiled-policy.ts'
import type { TrustedSource } from './exchange-policy.ts'
import type { PolicyProblem } from './policy-problem.ts'

type Path = PolicyProblem['path']

export type SourceCompilation =
  | { readonly ok: true; readonly source: CompiledSource }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/** `source`: of the right form. `path`: where it stands, for the problems. */
export async function compileSource(source: TrustedSource, path: Path): Promise<SourceCompilation> {
  const problems: PolicyProblem[] = []
  const report: Report = (problem) => problems.push(problem)
  const keys = await compileKeys(source, [...path, 'keys'], report)
  const condition = compileMember(source.condition, [...path, 'condition'], 'bool', report)
  if (condition === undefined || problems.length > 0) return { ok: false, problems }
  const { name, issuer, algorithms, audience } = source
  const maxAgeSeconds = source.maxAgeSeconds ?? SUBJECT_AGE_DEFAULT_SECONDS
  return {
    ok: true,
    source: { name, issuer, keys, algorithms, audience, maxAgeSeconds, condition },
  }
}

async function compileKeys(
  { keys, algorithms }: TrustedSource,
  path: Path,
  report: Report,
): Promise<SourceKeys> {
  if ('discovery' in keys) return { type: 'discovery', jwksHost: keys.jwksHost }
  if ('adopted' in keys) return { type: 'adopted' }
  const read: VerificationKey[] = []
  for (const [index, jwk] of keys.jwks.keys.entries()) {
    const place = [...path, 'jwks', 'keys', index]
    const key = await readVerificationKey(jwk)
    if (!key.ok) {
      report({ path: place, message: key.refusal.message })
    } else {
      const message = uselessness(key.value, read, algorithms)
      if (message !== undefined) report({ path: place, message })
      read.push(key.value)
    }
  }
  return { type: 'jwks', keys: read }
}

/** Why a good key does nothing here: what was written down was meant to do something. */
function uselessness(
  { kid, fingerprint, algorithms }: VerificationKey,
  others: readonly VerificationKey[],
  pinned: TrustedSource['algorithms'],
): string | undefined {
  if (others.some((other) => other.kid === kid && other.fingerprint === fingerprint)) {
    return 'is in this set twice: leave one out'
  }
  if (others.filter((other) => other.kid === kid).length >= KEYS_PER_KID_MAX) {
    return `is one more of the kid ${shown(kid)} than the ${KEYS_PER_KID_MAX} that are tried for a token: give each key a kid of its own`
  }
  if (algorithms.some((name) => pinned.includes(name))) return undefined
  return `verifies ${algorithms.join(', ')} alone, and algorithms has ${pinned.join(', ')}: add its algorithm, or leave the key out`
}
