import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { compilePolicy } from '../../src/policies/compile-policy.ts'
import { decideExchange } from '../../src/policies/decide-exchange.ts'
import type { Decision } from '../../src/policies/decision.ts'
import type { ExchangePolicy } from '../../src/policies/exchange-policy.ts'
import { type ParsedPolicy, parsePolicy } from '../../src/policies/parse-policy.ts'
import { type PolicyProblem, problemSentence } from '../../src/policies/policy-problem.ts'
import { policyRuleProblems } from '../../src/policies/policy-rules.ts'
import { REGISTERED_CLAIMS } from '../../src/tokens/claims.ts'
import { claimProblems } from '../../src/tokens/extra-claims.ts'
import { policyEntry } from '../support/policy-entries.ts'
import { newSubjectKey } from '../support/subject-tokens.ts'

const GOOGLE = '//iam.googleapis.com/projects/1'
const { jwk } = newSubjectKey('ES256')

const EXPRESSIONS = [
  'true',
  'claims.sub',
  'claims.a == 1.0',
  'claims.a',
  'entry.name + ":" + claims.sub',
  '"x"',
  '{"__proto__": claims.a}',
  'claims.exists(c, true)',
]
const WORDS = [
  ...EXPRESSIONS,
  'prod',
  'eu',
  'https://x.example',
  'http://localhost',
  '__proto__',
  'constructor',
  'ES256',
  'aws:x',
  'sub',
  'https://aws.amazon.com/tags',
  'sts.amazonaws.com',
  GOOGLE,
  '\u{202e}',
  '\u{d800}',
  '',
]
const SHAPES: unknown[] = [
  true,
  null,
  0,
  3600,
  1e300,
  [],
  {},
  { discovery: true },
  { adopted: true },
  { jwks: { keys: [jwk] } },
  { jwks: { keys: [jwk, 'x'] } },
  ['RS256'],
]
const word = fc.constantFrom(...WORDS)
const expression = fc.constantFrom(...EXPRESSIONS)
const value = fc.oneof(
  word,
  fc.constantFrom(...SHAPES),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(word, { maxLength: 3 }),
  fc.dictionary(word, expression, { maxKeys: 3 }),
)

/** Some members with another value: mostly one that may stand there. */
function changesOf(
  good: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<JsonObject> {
  const members = Object.fromEntries(
    Object.entries(good).map(([name, arbitrary]) => [
      name,
      fc.oneof({ arbitrary, weight: 12 }, { arbitrary: value, weight: 1 }),
    ]),
  )
  return fc.record(members, { requiredKeys: [] })
}

const text = fc.constantFrom('claims.sub', 'claims.a', 'entry.name + ":" + claims.sub', '"x y"')
const names = fc.constantFrom('team', 'Team', 'role', 'constructor', 'a:b')
const entryChanges = changesOf({
  keys: fc.constantFrom(...SHAPES.slice(7, 8)),
  condition: fc.constantFrom('true', 'claims.a', 'claims.a == 1.0', 'claims.sub == "job"'),
  maxAgeSeconds: fc.integer({ min: 1, max: 600_000 }),
})
const tokenChanges = changesOf({
  subject: text,
  tags: fc.dictionary(names, text, { maxKeys: 2 }),
  sourceIdentity: text,
  claims: fc.dictionary(names, expression, { maxKeys: 2 }),
  audiences: fc.uniqueArray(fc.constantFrom('sts.amazonaws.com', GOOGLE, 'x'), { minLength: 1 }),
  ttl: fc.integer({ min: 60, max: 4000 }),
})

/** Policies that are nearly right. */
const anyPolicy: fc.Arbitrary<unknown> = fc
  .array(fc.tuple(entryChanges, tokenChanges), { maxLength: 3 })
  .map((all) => ({
    entries: all.map(([entry, token], index) => ({
      ...policyEntry({ name: `e${index}`, issuer: `https://e${index}.example` }),
      ...entry,
      token: { ...policyEntry().token, ...token },
    })),
  }))
const anyClaims = fc.record({
  sub: fc.oneof({ arbitrary: fc.constant<unknown>('job'), weight: 3 }, value),
  a: fc.oneof({ arbitrary: fc.constantFrom<unknown>(1, true, 'text'), weight: 3 }, value),
})

const ASKED = {
  issuer: 'https://oidc.example.com/prod',
  tokenTtlMaxSeconds: 3600,
  hasAdoptedKeys: false,
  ownFingerprints: new Set<string>(),
  isDevelopment: false,
  isOwnUrl: () => false,
}

/** What every entry of a policy decides for each of its audiences and another one; none where it does not compile. */
async function decisionsOf(policy: ExchangePolicy, claims: JsonObject): Promise<Decision[]> {
  const compilation = await compilePolicy(policy)
  if (!compilation.ok) return saidIn(compilation.problems)
  const { entries } = compilation.policy
  saidIn(policyRuleProblems(policy, compilation.policy, ASKED))
  return entries.flatMap((entry) =>
    [...entry.token.audiences, 'elsewhere'].map((audience) =>
      decideExchange(entry, {
        claims,
        request: { audience, subjectTokenType: 'x' },
        entryCount: entries.length,
        isOwnUrl: () => false,
      }),
    ),
  )
}

function saidIn(problems: readonly PolicyProblem[]): [] {
  for (const problem of problems) expect(problemSentence(problem)).toMatch(/\S/)
  return []
}

/** What of a decision no issued token may have; nothing of a refusal. */
function faultsOf(decision: Decision): unknown[] {
  if (!decision.ok) return []
  const { subject, audience, claims } = decision.token
  const copy = JSON.parse(JSON.stringify(claims)) as JsonObject
  return [
    ...(subject.length > 0 && subject.length <= 600 ? [] : ['subject']),
    ...(audience === 'elsewhere' ? ['audience'] : []),
    ...Object.keys(copy).filter((name) => REGISTERED_CLAIMS.includes(name)),
    ...claimProblems(copy),
    ...(JSON.stringify(copy) === JSON.stringify(claims) ? [] : ['no JSON']),
  ]
}

/** Of a policy of the wrong form: whether something is said of it. */
function isSaid(parsed: ParsedPolicy): boolean {
  return parsed.ok || (parsed.problems.length > 0 && saidIn(parsed.problems).length === 0)
}

describe('whatever a policy is like', () => {
  test('any JSON is a policy, as it stands, or has problems that can be said', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), value, anyPolicy), (json) => {
        const parsed = parsePolicy(json)
        expect(isSaid(parsed)).toBe(true)
        expect(parsePolicy(parsed.ok ? parsed.policy : json)).toEqual(parsed)
        expect(parsed.ok ? JSON.stringify(json).length : 0).toBe(
          parsed.ok ? JSON.stringify(parsed.policy).length : 0,
        )
      }),
    )
  })

  test('one that compiles decides, and issues nothing that a token cannot be', async () => {
    const seen = { issued: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(anyPolicy, anyClaims, async (json, claims) => {
        const parsed = parsePolicy(json)
        const decisions = parsed.ok ? await decisionsOf(parsed.policy, claims) : []
        expect(decisions.flatMap(faultsOf)).toEqual([])
        for (const { ok } of decisions) seen[ok ? 'issued' : 'refused'] += 1
      }),
      { numRuns: 500 },
    )
    expect(Object.values(seen).every((count) => count > 0)).toBe(true)
  })
})
