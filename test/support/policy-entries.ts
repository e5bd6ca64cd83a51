/**
 * Exchange policies for tests: one good entry, with changes.
 */

import type { JsonObject } from '../../src/json.ts'
import { compilePolicy } from '../../src/policies/compile-policy.ts'
import type { CompiledEntry, CompiledPolicy } from '../../src/policies/compiled-policy.ts'
import { decideExchange, type ExchangeInput } from '../../src/policies/decide-exchange.ts'
import type { Decision } from '../../src/policies/decision.ts'
import type { PolicyEntry, TokenTemplate } from '../../src/policies/exchange-policy.ts'
import { parsePolicy } from '../../src/policies/parse-policy.ts'
import { problemSentence } from '../../src/policies/policy-problem.ts'
import { newSubjectKey } from './subject-tokens.ts'

type EntryChanges = Partial<Omit<PolicyEntry, 'token'>> & {
  readonly token?: Partial<TokenTemplate>
}

/** Of an issuer elsewhere, by discovery: whoever has a token of it is let in, for AWS. */
export function policyEntry({ token = {}, ...changes }: EntryChanges = {}): PolicyEntry {
  return {
    name: 'prod',
    issuer: 'https://cluster.example.net',
    keys: { discovery: true },
    algorithms: ['RS256', 'ES256'],
    condition: 'true',
    ...changes,
    token: { subject: 'claims.sub', audiences: ['sts.amazonaws.com'], ...token },
  }
}

/** Entries that differ in what must differ; all have the changes. */
export function policyEntries(names: readonly string[], changes: EntryChanges = {}): PolicyEntry[] {
  return names.map((name) =>
    policyEntry({
      name,
      issuer: `https://${name}.example.net`,
      ...changes,
      token: { subject: 'entry.name + ":" + claims.sub', ...changes.token },
    }),
  )
}

/** Keys written down in a policy, all new. */
export function inlineKeys(count = 1): PolicyEntry['keys'] {
  return { jwks: { keys: Array.from({ length: count }, () => newSubjectKey('ES256').jwk) } }
}

export async function compiledPolicy(entries: readonly PolicyEntry[]): Promise<CompiledPolicy> {
  const compilation = await compilePolicy({ entries })
  if (compilation.ok) return compilation.policy
  throw new TypeError(compilation.problems.map(problemSentence).join('; '))
}

/** The first of them. */
export async function compiledEntry(entries: readonly PolicyEntry[]): Promise<CompiledEntry> {
  const [first] = (await compiledPolicy(entries)).entries
  if (first === undefined) throw new TypeError('the policy has no entries')
  return first
}

/** A policy as JSON: of one good entry with changes; `undefined` leaves a member out. */
export function withEntry(changes: JsonObject): unknown {
  return JSON.parse(JSON.stringify({ entries: [{ ...policyEntry(), ...changes }] }))
}

export function withToken(changes: JsonObject): unknown {
  return withEntry({ token: { ...policyEntry().token, ...changes } })
}

/** What is wrong with the form of a policy, each a sentence. */
export function formSentences(json: unknown): string[] {
  const parsed = parsePolicy(json)
  return parsed.ok ? [] : parsed.problems.map(problemSentence)
}

/** What is wrong with a policy of the right form, each a sentence. */
export async function compileSentences(entries: readonly PolicyEntry[]): Promise<string[]> {
  const compilation = await compilePolicy({ entries })
  return compilation.ok ? [] : compilation.problems.map(problemSentence)
}

/** What an entry decides on claims with a good `sub`, asked for AWS. */
export async function decisionOf(
  entry: PolicyEntry,
  { claims = {}, audience = 'sts.amazonaws.com', entryCount = 1, isOwnUrl = isForeign }: Asked = {},
): Promise<Decision> {
  return decideExchange(await compiledEntry([entry]), {
    claims: { sub: 'job', ...claims },
    request: { audience, subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' },
    entryCount,
    isOwnUrl,
  })
}

interface Asked extends Partial<Pick<ExchangeInput, 'claims' | 'entryCount' | 'isOwnUrl'>> {
  readonly audience?: string
}

function isForeign(): boolean {
  return false
}
