/**
 * Whatever policies and requests are like: no answer is a mistake of ours, and what is issued is what the rules say.
 *
 * What they say is worked out once more in `support/exchange-fuzz/oracle.ts`. A failure names its seed and path:
 * `EXCHANGE_SEED` and `EXCHANGE_PATH` repeat it, with other keys. `EXCHANGE_RUNS` says how many policies are tried.
 */

import * as fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import {
  type FuzzHost,
  fuzzHost,
  type FuzzIssuer,
  outcomeOf,
} from '../support/exchange-fuzz/fuzz-host.ts'
import { expectedOf, isAuthentic } from '../support/exchange-fuzz/oracle.ts'
import {
  adopting,
  type FuzzEntry,
  MISTAKES,
  policyOf,
  trusting,
  withChange,
} from '../support/exchange-fuzz/policies.ts'
import { fieldsOf, type Plan, requestPlan } from '../support/exchange-fuzz/requests.ts'
import { bodyOf } from '../support/hosts/control-client.ts'

const { EXCHANGE_RUNS = '150', EXCHANGE_SEED, EXCHANGE_PATH } = process.env
const RUNS = {
  numRuns: Number(EXCHANGE_RUNS),
  ...(EXCHANGE_SEED === undefined ? {} : { seed: Number(EXCHANGE_SEED) }),
  ...(EXCHANGE_PATH === undefined ? {} : { path: EXCHANGE_PATH }),
}
const LONG_MS = 60_000 + RUNS.numRuns * 1000

/** In place of any member of a policy. */
const EXPRESSIONS = [
  'true',
  'claims.sub',
  'claims',
  'entry.name',
  '"x"',
  '1/0 == 1',
  '{"a": claims}',
]
const COSTLY = [
  '[1,2,3].all(x, x > 0)',
  'claims.groups.map(g, claims.sub)',
  'claims.sub + claims.sub',
]
const TEXTS = ['', 'prod', 'ES256', 'none', '*', 'https://a.example.net', 'http://127.0.0.1:9']
const SCALARS = [true, null, 0, -1, 60, 1e300, '\u{d800}', '__proto__']
const KEYS = [{ discovery: true }, { adopted: true }, { jwks: { keys: [] } }, {}]
const LISTS = [[], ['RS256', 'HS256'], ['sts.amazonaws.com']]
const ODD_VALUES = [...EXPRESSIONS, ...COSTLY, ...TEXTS, ...SCALARS, ...KEYS, ...LISTS]

let host: FuzzHost

beforeAll(async () => {
  host = await fuzzHost()
})

const seen = { issued: 0, refused: 0 }

/** Throws where something else comes of a request than should. */
async function check(plan: Plan, entries: readonly FuzzEntry[], issuer: FuzzIssuer): Promise<void> {
  const fields = fieldsOf(plan, entries, issuer.issuer)
  const expected = await expectedOf(fields, entries, issuer.issuer)
  seen[expected === undefined ? 'refused' : 'issued'] += 1
  const { answer, said } = await issuer.exchange(fields)
  const right = outcomeOf(expected)
  insist(isDeepStrictEqual(said, right), [right, said, answer, fields, entries.map(entryText)])
}

function entryText(entry: FuzzEntry): unknown {
  return policyOf([entry], 'https://this.example').entries[0]
}

/** Says everything where it is not so: a property is made shorter until little is left of that. */
function insist(isSo: boolean, said: unknown): void {
  if (!isSo) throw new Error(JSON.stringify(said, undefined, 1))
}

/** What was wrong, at its shortest, or `nothing`. */
async function brokenIn<T>(property: fc.IAsyncProperty<T>): Promise<string> {
  const { failed, errorInstance, seed, counterexamplePath } = await fc.check(property, RUNS)
  if (!failed) return 'nothing'
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return `${message}\nagain: EXCHANGE_SEED=${seed} EXCHANGE_PATH=${counterexamplePath}`
}

test(
  `over ${RUNS.numRuns} policies and eight requests for each, what is issued is what may be, whole`,
  async () => {
    const policies = fc.oneof(
      { weight: 5, arbitrary: fc.record({ entries: trusting, isAdopting: fc.constant(false) }) },
      { weight: 1, arbitrary: fc.record({ entries: adopting, isAdopting: fc.constant(true) }) },
    )
    const plans = fc.array(requestPlan, { minLength: 8, maxLength: 8 })
    const broken = await brokenIn(
      fc.asyncProperty(policies, plans, async ({ entries, isAdopting }, all) => {
        const issuer = isAdopting ? host.adopter : host.usual
        const { status, body } = await issuer.setPolicy(policyOf(entries, issuer.issuer))
        insist(status === 200, body)
        for (const plan of all) await check(plan, entries, issuer)
      }),
    )
    // oxlint-disable-next-line vitest/valid-expect -- said in full, which a difference of texts is not
    expect(broken, broken).toBe('nothing')
    expect(Math.min(seen.issued, seen.refused)).toBeGreaterThan(RUNS.numRuns / 4)
  },
  LONG_MS,
)

test(
  'a policy with one mistake is refused and told of it, and what was set before still decides',
  async () => {
    const mistaken = fc.record({
      entries: trusting,
      mistake: fc.constantFrom(...MISTAKES),
      plan: requestPlan,
    })
    const broken = await brokenIn(
      fc.asyncProperty(mistaken, async ({ entries, mistake: [what, mistake], plan }) => {
        const { usual } = host
        const right = policyOf(entries, usual.issuer)
        const set = await usual.setPolicy(right)
        insist(set.status === 200, [right, set])
        const wrong = right.entries.slice(0, 1).flatMap((entry) => mistake(entry, usual.issuer))
        const refused = await usual.setPolicy({ entries: wrong })
        const { problems = [] } = bodyOf<{ problems?: readonly unknown[] }>(refused)
        insist(refused.status === 400 && problems.length > 0, [what, wrong, refused])
        await check(plan, entries, usual)
      }),
    )
    // oxlint-disable-next-line vitest/valid-expect -- said in full, which a difference of texts is not
    expect(broken, broken).toBe('nothing')
  },
  LONG_MS,
)

test(
  'a policy that is changed anywhere is set or refused, and lets in nobody whose token is no good',
  async () => {
    const changed = fc.record({
      entries: trusting,
      place: fc.nat(),
      value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...ODD_VALUES)),
      plan: requestPlan,
    })
    const broken = await brokenIn(
      fc.asyncProperty(changed, async ({ entries, place, value, plan }) => {
        const { usual } = host
        const policy = withChange(policyOf(entries, usual.issuer), place, value)
        const set = await usual.setPolicy(policy)
        insist([200, 400].includes(set.status), [policy, set])
        const fields = fieldsOf(plan, entries, usual.issuer)
        const { answer, events, signatures } = await usual.exchange(fields)
        const said = [policy, fields, answer, events, signatures]
        const isIssued = answer.status === 200
        insist(isIssued || [400, 503].includes(answer.status), said)
        insist(events.join() === (isIssued ? 'token_issued' : 'token_refused'), said)
        insist(signatures === (isIssued ? 1 : 0), said)
        insist(!isIssued || (await isAuthentic(fields, usual.issuer)), said)
      }),
    )
    // oxlint-disable-next-line vitest/valid-expect -- said in full, which a difference of texts is not
    expect(broken, broken).toBe('nothing')
  },
  LONG_MS,
)
