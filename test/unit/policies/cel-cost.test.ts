import { describe, expect, test } from 'vitest'
import { compileExpression } from '../../../src/policies/compile-expression.ts'

function problem(source: string): string | undefined {
  const result = compileExpression(source)
  return result.ok ? undefined : result.message
}

function many(source: string, count: number, joiner: string): string {
  return Array.from({ length: count }, () => source).join(joiner)
}

describe('what may be costly', () => {
  test.each([
    [
      'what the ready-made expressions do',
      'claims.groups.exists(x, x == "a" || x.startsWith("team-"))',
    ],
    [
      'a dozen patterns',
      many('glob(claims.sub, "repo:octo/*:ref:refs/heads/release-*")', 12, ' || '),
    ],
    ['a pattern for each item', 'claims.groups.exists(x, glob(x, "/teams/*/members/**"))'],
    ['patterns for each item', `claims.a.exists(x, ${many('glob(x, "/a/*/b/**")', 6, ' || ')})`],
    ['a list in a list', 'claims.a.exists(x, x in claims.b)'],
    ['parts of a text', 'claims.sub.split("/").filter(x, x != "").join("-")'],
    ['members of items', 'claims.a.exists(x, x.b.c == 1 && x.b.d == claims.e)'],
  ])('is %s', (_title, source) => {
    expect(problem(source)).toBeUndefined()
  })

  test.each([
    ['a long text, for each item', `claims.a.all(x, ${many('claims.b.size() > 3', 8, ' && ')})`],
    ['a long text changed for each item', `claims.a.map(x, ${many('claims.b.trim()', 14, ' + ')})`],
    ['patterns for each item', `claims.a.all(x, ${many('!glob(claims.b, "*a*")', 6, ' && ')})`],
    ['lists compared for each item', `claims.a.all(x, ${many('claims.b == claims.c', 3, ' && ')})`],
    ['members of a list for each item', `claims.a.all(x, ${many('x in claims.b', 4, ' && ')})`],
    ['failures for each item', `claims.a.all(x, ${many('x.b', 30, ' || ')})`],
    ['a search for each item', `claims.a.all(x, claims.b.contains("${'x'.repeat(100)}"))`],
    [
      'a long text made of long texts',
      `claims.a.map(x, ${many('claims.b', 8, ' + ')}).join("").trim() == ""`,
    ],
    [
      'a long list made of long lists',
      `(${many('claims.a', 30, ' + ')}).map(x, ${many('claims.b', 12, ' + ')})`,
    ],
    [
      'a long text joined by long ones',
      `claims.a.map(x, x).join(${many('claims.b', 14, ' + ')}).trim()`,
    ],
    [
      'a long text made of one, for each item',
      many('claims.a.map(x, claims.b).join("").trim().size() > 3', 2, ' && '),
    ],
    [
      'a list that stands in a list',
      `[claims.a].all(x, ${many('claims.b.trim() == ""', 14, ' && ')})`,
    ],
  ])('is not %s', (_title, source) => {
    expect(problem(source)).toMatch(/^may cost \d+ times what is allowed, with the longest claims/)
  })
})
