/**
 * From a policy of the right form to one that can decide, or everything that is wrong with it, whichever issuer it is for.
 *
 * The key that verifies a subject token selects the entry: so no key may be in two of them, and none of two may come from the
 * same place.
 */

import { shown } from '../printable.ts'
import { entryCostProblem } from './cel-cost.ts'
import type { Report } from './compile-member.ts'
import { compileSource } from './compile-source.ts'
import { compileTemplate } from './compile-template.ts'
import type { CompiledEntry, CompiledPolicy } from './compiled-policy.ts'
import type { ExchangePolicy, PolicyEntry } from './exchange-policy.ts'
import type { CompiledExpression } from './expression.ts'
import type { PolicyProblem } from './policy-problem.ts'
import { hasEntryPrefix } from './token-texts.ts'

export type PolicyCompilation =
  | { readonly ok: true; readonly policy: CompiledPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

export async function compilePolicy(policy: ExchangePolicy): Promise<PolicyCompilation> {
  const problems: PolicyProblem[] = []
  const report: Report = (problem) => problems.push(problem)
  const entries: (CompiledEntry | undefined)[] = []
  for (const [index, entry] of policy.entries.entries()) {
    entries.push(await compileEntry(entry, ['entries', index], report))
  }
  reportTwins(policy.entries, report)
  reportIssuerTwins(policy.entries, report)
  reportKeyTwins(entries, report)
  if (entries.length > 1) reportPrefixes(entries, report)
  const compiled = entries.filter((entry) => entry !== undefined)
  return problems.length === 0
    ? { ok: true, policy: { entries: compiled } }
    : { ok: false, problems }
}

async function compileEntry(
  entry: PolicyEntry,
  path: PolicyProblem['path'],
  report: Report,
): Promise<CompiledEntry | undefined> {
  const compilation = await compileSource(entry, path)
  if (!compilation.ok) compilation.problems.forEach(report)
  const token = compileTemplate(entry.token, [...path, 'token'], report)
  if (!compilation.ok || token === undefined) return undefined
  const compiled = { ...compilation.source, token }
  const message = entryCostProblem(expressionsOf(compiled).map(({ steps }) => steps))
  if (message !== undefined) report({ path, message })
  return compiled
}

/** All that a token has evaluated. */
function expressionsOf({ condition, token }: CompiledEntry): CompiledExpression[] {
  const { subject, tags, sourceIdentity, claims } = token
  const named = [...tags, ...claims].map(([, expression]) => expression)
  return [condition, subject, ...named, ...(sourceIdentity === undefined ? [] : [sourceIdentity])]
}

/** What two entries may not have in common, and one that may have no other beside it. */
function reportTwins(entries: readonly PolicyEntry[], report: Report): void {
  const names = new Set<string>()
  for (const [index, { name, keys }] of entries.entries()) {
    if (names.has(name)) {
      report({
        path: ['entries', index, 'name'],
        message: `must be a name that no other entry has, got ${shown(name)} again`,
      })
    }
    names.add(name)
    if ('adopted' in keys && entries.length > 1) {
      report({
        path: ['entries', index, 'keys'],
        message: `must not be adopted beside other entries, got ${entries.length} entries: an adopted key speaks for its whole issuer, so an issuer with adopted keys trusts no other; give the others an issuer of their own`,
      })
    }
  }
}

/**
 * Whoever serves the keys of a discovered issuer could put those of another entry among them: no token of that entry would
 * have one key any more. So nobody else has that `iss`.
 */
function reportIssuerTwins(entries: readonly PolicyEntry[], report: Report): void {
  const first = new Map<string, PolicyEntry>()
  for (const [index, entry] of entries.entries()) {
    const other = first.get(entry.issuer)
    if (other === undefined) {
      first.set(entry.issuer, entry)
    } else if (isDiscovered(entry) || isDiscovered(other)) {
      report({
        path: ['entries', index, 'issuer'],
        message: `must not be that of entry ${shown(other.name)} too, since one of them discovers its keys, and whoever serves those could serve the other's: make them one and tell its tokens apart in condition, or write all keys down`,
      })
    }
    if (isDiscovered(entry)) first.set(entry.issuer, entry)
  }
}

function isDiscovered({ keys }: PolicyEntry): boolean {
  return 'discovery' in keys
}

function reportKeyTwins(entries: readonly (CompiledEntry | undefined)[], report: Report): void {
  const holders = new Map<string, CompiledEntry>()
  for (const [index, entry] of entries.entries()) {
    if (entry?.keys.type !== 'jwks') continue
    for (const [place, { fingerprint }] of entry.keys.keys.entries()) {
      const holder: CompiledEntry = holders.get(fingerprint) ?? entry
      if (holder !== entry) {
        report({
          path: ['entries', index, 'keys', 'jwks', 'keys', place],
          message: `is a key of entry ${shown(holder.name)} too, and the key selects the entry: leave it out of one of them`,
        })
      }
      holders.set(fingerprint, holder)
    }
  }
}

/** By its form, so that nobody finds out at the first exchange, and no claim decides whose subject it is. */
function reportPrefixes(entries: readonly (CompiledEntry | undefined)[], report: Report): void {
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined || beginsWithName(entry)) continue
    report({
      path: ['entries', index, 'token', 'subject'],
      message: `must begin with entry.name + ":" or entry.name + "/", since the policy has ${entries.length} entries: write entry.name + ":" + …`,
    })
  }
}

function beginsWithName({ name, token: { subject } }: CompiledEntry): boolean {
  const constant = subject.constant?.value
  return typeof constant === 'string' ? hasEntryPrefix(constant, name) : subject.startsWithEntryName
}
