import { describe, expect, test } from 'vitest'
import { entryCostProblem } from '../../../src/policies/cel-cost.ts'
import { compileExpression } from '../../../src/policies/compile-expression.ts'
import type { PolicyEntry, TokenTemplate } from '../../../src/policies/exchange-policy.ts'
import { compileSentences, policyEntries, policyEntry } from '../../support/policy-entries.ts'

/** A text, of which four cost no more than an entry may, and five do. */
const COSTLY = `claims.a.map(x, ${Array(3).fill('claims.b.trim()').join(' + ')}).join("")`
const COSTLY_TRUTH = `${COSTLY} == "x"`

function stepsOf(source: string): number {
  const compilation = compileExpression(source)
  if (!compilation.ok) throw new TypeError(compilation.message)
  return compilation.expression.steps
}

const MAX = 50_000_000

test('the steps of all expressions are bounded together', () => {
  expect(entryCostProblem([])).toBeUndefined()
  expect(entryCostProblem([MAX - 1, 1])).toBeUndefined()
  expect(entryCostProblem([MAX - 1, 1, 1])).toBe(
    'has 3 expressions that together may cost 2 times what is allowed, with the longest claims there are: leave some out, or shorten them, above all within macros',
  )
})

test('a costly one is allowed by itself, and one that reads little costs little', () => {
  expect(stepsOf(COSTLY)).toBeGreaterThan(MAX / 5)
  expect(stepsOf(COSTLY)).toBeLessThan(MAX / 4)
  expect(stepsOf('claims.sub')).toBeLessThan(1000)
})

describe('an entry', () => {
  const costly = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, COSTLY]))
  const TOO_MUCH = /^entries\.0 has \d expressions that together may cost 2 times what is allowed/

  test.each<[title: string, condition: string, token: Partial<TokenTemplate>]>([
    ['tags', 'claims.a', { tags: costly(5) }],
    ['further claims', 'claims.a', { claims: costly(5) }],
    ['tags and further claims', 'claims.a', { tags: costly(3), claims: costly(2) }],
    ['a condition beside them', COSTLY_TRUTH, { tags: costly(4) }],
    ['a subject beside them', 'claims.a', { subject: COSTLY, tags: costly(4) }],
    ['a source identity beside them', 'claims.a', { sourceIdentity: COSTLY, tags: costly(4) }],
  ])('does not cost too much by %s', async (_title, condition, token) => {
    const problems = await compileSentences([policyEntry({ condition, token })])
    expect(problems).toEqual([expect.stringMatching(TOO_MUCH)])
  })

  test('may cost what others beside it cost as well', async () => {
    const token = { tags: costly(4) }
    const entries: PolicyEntry[] = policyEntries(['eu', 'us', 'ap'], { token })
    await expect(compileSentences(entries)).resolves.toEqual([])
  })
})
