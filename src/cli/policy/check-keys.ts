/**
 * Whose key verifies a token, as far as the keys are here: those that a policy holds, and those that were given.
 */

import type { CompiledEntry } from '../../policies/compiled-policy.ts'
import type { SubjectToken } from '../../subject-tokens/compact-token.ts'
import type { RemoteKeySets } from '../../subject-tokens/key-sets.ts'
import { selectSource, type SelectionMeans } from '../../subject-tokens/select-source.ts'
import type { VerificationKey } from '../../subject-tokens/verification-key.ts'
import { signatureVerifier } from '../../subject-tokens/verify-signature.ts'
import type { Check } from './explanation.ts'

type GivenKeys = readonly VerificationKey[] | undefined

/** Of the entries that trust the token's issuer and its algorithm. In a policy that compiles no two of them have the key. */
export async function checkKeys(
  entries: readonly CompiledEntry[],
  token: SubjectToken,
  given: GivenKeys,
): Promise<ReadonlyMap<CompiledEntry, Check>> {
  const remote: RemoteKeySets = { keysOf: async () => ({ ok: true, keys: given ?? [] }) }
  const means = { remote, verifies: signatureVerifier() }
  const checks = new Map<CompiledEntry, Check>()
  for (const entry of entries) {
    if (entry.issuer !== token.issuer || !entry.algorithms.includes(token.alg)) continue
    checks.set(entry, await checkKey(entry, token, given, means))
  }
  return checks
}

async function checkKey(
  entry: CompiledEntry,
  token: SubjectToken,
  given: GivenKeys,
  means: SelectionMeans,
): Promise<Check> {
  const { keys } = entry
  if (keys.type !== 'jwks' && given === undefined) {
    const origin = keys.type === 'discovery' ? 'come by discovery' : 'are those that are adopted'
    return {
      what: 'key',
      answer: 'unknown',
      detail: `signature not checked: the keys ${origin}, so give them with --jwks`,
    }
  }
  const adopted = keys.type === 'adopted' ? (given ?? []) : []
  const selection = await selectSource(token, { sources: [entry], adopted, own: new Set() }, means)
  if (!selection.ok) return { what: 'key', answer: 'no', detail: selection.problem.detail }
  const origin = keys.type === 'jwks' ? 'of the entry' : 'of --jwks'
  return { what: 'key', answer: 'yes', detail: `${token.kid} ${origin} verifies it` }
}
