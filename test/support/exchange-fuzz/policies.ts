/**
 * Generated exchange policies: such as are right, with what each of them means, and such as are nearly right.
 */

import * as fc from 'fast-check'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import { newSubjectKey } from '../subject-tokens.ts'
import { condition, type Expression, PREFIXED_TEXTS, TEAM, TEXTS, VALUES } from './expressions.ts'
import { ADOPTED, type FuzzSource, jwksOf, SOURCES } from './sources.ts'

export const STS = 'sts.amazonaws.com'
export const GOOGLE = '//iam.googleapis.com/projects/1'
export const AUDIENCES = [STS, GOOGLE, 'https://api.example.org/v1']

export interface FuzzEntry {
  readonly name: string
  readonly source: FuzzSource
  readonly algorithms: readonly string[]
  readonly audience: 'either' | 'issuer' | 'endpoint'
  readonly maxAgeSeconds: number | undefined
  readonly condition: Expression
  readonly subject: Expression
  readonly tags: Readonly<Record<string, Expression>>
  readonly isTransitive: boolean
  readonly sourceIdentity: Expression | undefined
  readonly claims: Readonly<Record<string, Expression>>
  readonly audiences: readonly string[]
  readonly ttl: number | undefined
  readonly mayOutliveSubject: boolean
}

/** One is the beginning of another. */
const NAMES = ['prod', 'prod-eu', 'eu']

const text = fc.constantFrom(...TEXTS)
const nothing = fc.constant(undefined)

function entryOf(name: string, source: FuzzSource, isAlone: boolean): fc.Arbitrary<FuzzEntry> {
  const algorithms = [...new Set(source.keys.map(({ alg }) => alg))]
  const constant = { text: `"${name}:constant"`, value: () => `${name}:constant` }
  const subject = fc.constantFrom(...(isAlone ? TEXTS : PREFIXED_TEXTS))
  return fc.record({
    name: fc.constant(name),
    source: fc.constant(source),
    algorithms: fc.constantFrom(algorithms, [...algorithms, 'RS512'], ['RS256', 'ES256', 'ES384']),
    audience: fc.constantFrom('either', 'either', 'issuer', 'endpoint'),
    maxAgeSeconds: fc.oneof({ weight: 3, arbitrary: nothing }, fc.constantFrom(2, 600, 604_800)),
    condition,
    subject: fc.oneof({ weight: 6, arbitrary: subject }, fc.constant(constant)),
    tags: fc.dictionary(fc.constantFrom('team', 'role', 'a b'), text, { maxKeys: 2 }),
    isTransitive: fc.boolean(),
    sourceIdentity: fc.oneof(
      { weight: 6, arbitrary: nothing },
      { weight: 2, arbitrary: fc.constant(TEAM) },
      text,
    ),
    claims: fc.dictionary(
      fc.constantFrom('groups', 'level', 'for', 'constructor'),
      fc.constantFrom(...VALUES),
      { maxKeys: 2 },
    ),
    audiences: fc.uniqueArray(fc.constantFrom(...AUDIENCES), { minLength: 1 }),
    ttl: fc.oneof(nothing, fc.constantFrom(60, 61, 900, 3600)),
    mayOutliveSubject: fc.boolean(),
  } as const)
}

/** Of sources that differ in their keys; those of the first issuer do not in `iss`. */
export const trusting: fc.Arbitrary<readonly FuzzEntry[]> = fc
  .subarray([...SOURCES], { minLength: 1, maxLength: 3 })
  .chain((sources) => {
    const entries = sources.map((source, index) =>
      entryOf(NAMES[index] ?? 'other', source, sources.length === 1),
    )
    return fc.tuple(...entries)
  })

/** Of an issuer with adopted keys: it trusts no others. */
export const adopting: fc.Arbitrary<readonly FuzzEntry[]> = fc.tuple(entryOf('prod', ADOPTED, true))

export function policyOf(
  entries: readonly FuzzEntry[],
  issuer: string,
): { readonly entries: readonly PolicyEntry[] } {
  const json = entries.map((entry) => ({
    name: entry.name,
    issuer: entry.source.issuer,
    keys: keysOf(entry.source),
    algorithms: entry.algorithms,
    audience: { either: undefined, issuer, endpoint: `${issuer}/token` }[entry.audience],
    maxAgeSeconds: entry.maxAgeSeconds,
    condition: entry.condition.text,
    token: {
      subject: entry.subject.text,
      tags: textsOf(entry.tags),
      transitiveTags: transitiveIn(entry),
      sourceIdentity: entry.sourceIdentity?.text,
      claims: textsOf(entry.claims),
      audiences: entry.audiences,
      ttl: entry.ttl,
      mayOutliveSubject: entry.mayOutliveSubject,
    },
  }))
  return JSON.parse(JSON.stringify({ entries: json })) as { entries: PolicyEntry[] }
}

function keysOf(source: FuzzSource): object {
  if (source.by === 'jwks') return { jwks: jwksOf(source) }
  return source.by === 'discovery' ? { discovery: true } : { adopted: true }
}

/** All tags or none. */
export function transitiveIn({ tags, isTransitive }: FuzzEntry): string[] | undefined {
  const keys = Object.keys(tags)
  return isTransitive && keys.length > 0 ? keys : undefined
}

function textsOf(all: Readonly<Record<string, Expression>>): Record<string, string> | undefined {
  if (Object.keys(all).length === 0) return undefined
  return Object.fromEntries(Object.entries(all).map(([name, { text: its }]) => [name, its]))
}

/** What turns a policy that is right into one that is not; `own`: the issuer that it is for. */
export type Mistake = (entry: PolicyEntry, own: string) => readonly unknown[]

const changed =
  (changes: object): Mistake =>
  (entry) => [{ ...entry, ...changes }]
const inToken =
  (changes: object): Mistake =>
  (entry) => [{ ...entry, token: { ...entry.token, ...changes } }]

export const MISTAKES: readonly (readonly [what: string, mistake: Mistake])[] = [
  ['the same entry twice', (entry) => [entry, entry]],
  ['the same keys twice', (entry) => [inlined(entry), { ...inlined(entry), name: 'other' }]],
  [
    'adopted keys beside others',
    (entry) => [entry, { ...entry, name: 'x', keys: { adopted: true } }],
  ],
  [
    'an issuer of this host',
    (entry, own) => [{ ...entry, issuer: own, keys: { discovery: true } }],
  ],
  ['no algorithm', changed({ algorithms: [] })],
  ['algorithm none', changed({ algorithms: ['none'] })],
  ['HS256 beside another', changed({ algorithms: ['ES256', 'HS256'] })],
  ['an audience of somebody else', changed({ audience: 'https://elsewhere.example' })],
  ['a name with a colon', changed({ name: 'a:b' })],
  ['an unknown member', changed({ conditions: 'true' })],
  ['no condition', changed({ condition: undefined })],
  ['a condition of text', changed({ condition: '"true"' })],
  ['a condition that is no CEL', changed({ condition: 'claims.sub ==' })],
  ['an unknown name', changed({ condition: 'claim.sub == "job"' })],
  ['matches', changed({ condition: 'claims.sub.matches("^a+$")' })],
  ['its own URL as audience', (entry, own) => inToken({ audiences: [own] })(entry, own)],
  [
    'its endpoint as audience',
    (entry, own) => inToken({ audiences: [`${own}/token`] })(entry, own),
  ],
  ['no output audience', inToken({ audiences: [] })],
  ['a lifetime of a second less', inToken({ ttl: 59 })],
  ['a lifetime of a day more', inToken({ ttl: 172_800 })],
  ['a tag of AWS itself', inToken({ tags: { 'aws:team': 'claims.team' } })],
  ['two tags but for case', inToken({ tags: { team: '"a"', Team: '"a"' } })],
  ['a transitive tag that is none', inToken({ transitiveTags: ['nowhere'] })],
  ['a tag value that is too long', inToken({ tags: { team: `"${'t'.repeat(257)}"` } })],
  ['a source identity of a letter', inToken({ sourceIdentity: '"a"' })],
  ['a registered claim', inToken({ claims: { aud: 'claims.sub' } })],
  ['tags as a claim', inToken({ claims: { 'https://aws.amazon.com/tags': 'claims.sub' } })],
  [
    'a subject without the name of its entry beside others',
    (entry) => [
      { ...entry, token: { ...entry.token, subject: 'claims.sub' } },
      { ...inlined(entry), name: 'other' },
    ],
  ],
  ['an empty subject', inToken({ subject: '""' })],
]

const TWIN = newSubjectKey('ES256').jwk

function inlined(entry: PolicyEntry): PolicyEntry {
  return { ...entry, algorithms: ['ES256'], keys: { jwks: { keys: [TWIN] } } }
}

/** With another value at one of all its places. */
export function withChange(policy: object, place: number, value: unknown): unknown {
  const copy = structuredClone(policy)
  const places = placesIn(copy)
  const [holder, name] = places[place % places.length] ?? [{}, '']
  Object.defineProperty(holder, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
  return copy
}

function placesIn(value: unknown): (readonly [holder: object, name: string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    [value, name] as const,
    ...placesIn(member),
  ])
}
