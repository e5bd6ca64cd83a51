import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../../src/policies/compile-policy.ts'
import { parsePolicy } from '../../../src/policies/parse-policy.ts'
import type { PolicyProblem } from '../../../src/policies/policy-problem.ts'
import {
  parsePolicySource,
  type PlacedProblem,
  type PolicySource,
} from '../../../src/cli/policy/policy-source.ts'

function sourceOf(text: string): PolicySource {
  const read = parsePolicySource(text, 'policy.yaml')
  if (!read.ok) throw new TypeError(JSON.stringify(read.problems))
  return read.source
}

async function problemsOf(text: string): Promise<PlacedProblem[]> {
  const source = sourceOf(text)
  const parsed = parsePolicy(source.json)
  const compiled = parsed.ok ? await compilePolicy(parsed.policy) : parsed
  const problems: readonly PolicyProblem[] = compiled.ok ? [] : compiled.problems
  return problems.map((problem) => source.place(problem))
}

/** What stands in the text from a place on, to the end of its line. */
function textAt(text: string, { line, column }: PlacedProblem): string {
  const at = text.split('\n')[line - 1] ?? ''
  return at.slice(column - 1).replace(/\r$/, '')
}

/** A policy with the condition as it is written behind `condition:`. */
function withCondition(written: string): string {
  return `entries:
  - name: prod
    issuer: https://cluster.example.net
    keys: { discovery: true }
    algorithms: [ES256]
    condition: ${written}
    token:
      subject: claims.sub
      audiences: [sts.amazonaws.com]
`
}

describe('a place in an expression is the place in the file, where it is written', () => {
  const WRITTEN = [
    ['plain', 'clams.sub == "a"'],
    ['plain, not at its beginning', 'claims.sub == "a" && clams.sub == "b"'],
    ['plain over lines', 'claims.sub == "a"\n      &&   \n\n      clams.sub == "b"'],
    ['with an anchor', '&anchor claims.sub == "a" || clams.sub == "b"'],
    ['in single quotes', `'claims.sub == "a" || clams.sub == "b"'`],
    ['in single quotes with quotes', `'claims.sub == ''a'' || clams.sub == ''b'''`],
    ['in single quotes over lines', `'claims.sub == ''a''\n\n      || clams.sub == ''b'''`],
    ['in double quotes', String.raw`"claims.sub == \"a\" || clams.sub == 'b'"`],
    ['with escaped spaces', String.raw`"claims.sub\t==\x20\"a\"\u0020||\n\tclams.sub == 'b'"`],
    [
      'with escaped letters',
      String.raw`"\x63laims.sub == \"\U0001F600\u00e9\" || clams.sub == 'b'"`,
    ],
    [
      'with escaped spaces that no expression has between its words',
      String.raw`"claims.sub == '\u00a0\_\N\L\P\x85' || clams.sub == 'b'"`,
    ],
    ['with an escaped end of line', `"claims.sub == 'a' \\\n      || clams.sub == 'b'"`],
    ['in double quotes over lines', `"claims.sub == 'a'   \n\n\n      || clams.sub == 'b'"`],
    ['folded', '>-\n      claims.sub == "a" ||\n      clams.sub == "b"'],
    [
      'folded with a comment',
      '> # why\n\n      claims.sub == "a" ||\n\n        clams.sub == "b"\n',
    ],
    ['literal', '|\n      claims.sub == "a" ||\n        clams.sub == "b"\n'],
    ['literal with an indentation', '|2-\n        claims.sub == "a" ||\n      clams.sub == "b"'],
    ['behind characters of two units', `'claims.sub == "😀😀" || clams.sub == "b"'`],
  ]

  test.each(WRITTEN)('%s', async (_title, written) => {
    const text = withCondition(written)
    const [problem, another] = await problemsOf(text)
    expect(another).toBeUndefined()
    expect(problem?.path).toEqual(['entries', 0, 'condition'])
    expect(textAt(text, problem as PlacedProblem)).toMatch(/^clams\.sub == /)
  })

  test.each(WRITTEN)('%s, with lines that end as on Windows', async (_title, written) => {
    const text = withCondition(written).replaceAll('\n', '\r\n')
    const [problem] = await problemsOf(text)
    expect(textAt(text, problem as PlacedProblem)).toMatch(/^clams\.sub == /)
  })

  test('in JSON with tabs', async () => {
    const { entries } = sourceOf(withCondition('"claims.sub == \\"a\\" || clams.sub == \\"b\\""'))
      .json as { entries: object[] }
    const text = JSON.stringify({ entries }, null, '\t')
    const [problem] = await problemsOf(text)
    expect(textAt(text, problem as PlacedProblem)).toMatch(/^clams\.sub == /)
  })

  test('behind its end, where more is needed', async () => {
    const text = withCondition('claims.sub ==   # why')
    const [problem] = await problemsOf(text)
    expect(problem?.message).toContain('not complete')
    expect(problem).toMatchObject({ line: 6, column: '    condition: claims.sub =='.length + 1 })
  })

  test('where its text stands, through an alias', async () => {
    const text = `${withCondition('&condition clams.sub == "b"')}
  - name: other
    issuer: https://other.example.net
    keys: { discovery: true }
    algorithms: [ES256]
    condition: *condition
    token:
      subject: entry.name + ":" + claims.sub
      audiences: [sts.amazonaws.com]
`
    const problems = await problemsOf(text)
    const places = problems.filter(({ path }) => path.at(-1) === 'condition')
    expect(places.map(({ path }) => path[1])).toEqual([0, 1])
    for (const place of places) expect(textAt(text, place)).toBe('clams.sub == "b"')
  })
})

describe('a place in the policy', () => {
  const TEXT = withCondition('"true"')
  test.each([
    ['a member, by its name', 'algorithms: [ES256]', 'algorithms: []', /^algorithms: \[\]/],
    ['an unknown member, by its name', 'condition:', 'ttl: 5\n    condition:', /^ttl: 5/],
    ['an item, by its beginning', '[ES256]', '[ES256, none]', /^none\]/],
    ['a member within braces', '{ discovery: true }', '{ discovery: 1 }', /^discovery: 1 \}/],
    [
      'something missing, by what it is missing from',
      '\n    algorithms: [ES256]',
      '',
      /^name: prod/,
    ],
    ['a list that should be', 'entries:', 'entries: 5\nothers:', /^entries: 5/],
  ])('%s', async (_title, right, wrong, at) => {
    const text = TEXT.replace(right, wrong)
    expect(text).not.toBe(TEXT)
    const problems = await problemsOf(text)
    expect(problems.map((problem) => textAt(text, problem))).toContainEqual(
      expect.stringMatching(at),
    )
  })

  test('of no object at all is the beginning', async () => {
    expect(await problemsOf('')).toMatchObject([{ path: [], line: 1, column: 1 }])
    expect(await problemsOf('\n\n  text')).toMatchObject([{ path: [], line: 3, column: 3 }])
  })
})

describe('what is no YAML of a policy', () => {
  test.each([
    ['a name twice', 'entries: []\nentries: []', 2, 1],
    ['a name twice in JSON', '{"entries": [], "entries": []}', 1, 17],
    ['two documents', 'entries: []\n---\nentries: []\n', 2, 1],
    ['a tag', 'entries: !!js/function []', 1, 10],
    ['a tag of its own', 'entries: !own []', 1, 10],
    ['a tag of older YAML', 'entries: !!set {}', 1, 10],
    ['binary', 'entries: !!binary AAAA', 1, 10],
    ['a name that is none', '? [a]\n: b', 1, 3],
    ['a tab for indentation', 'entries:\n\t- a', 2, 1],
    ['an end that is missing', 'entries: [', 1, 11],
    ['an alias of nothing', 'entries: *nothing', 1, 10],
  ])('%s', (_title, text, line, column) => {
    const read = parsePolicySource(text, 'policy.yaml')
    expect(read).toMatchObject({ ok: false })
    expect(read.ok ? [] : read.problems).toContainEqual({
      path: [],
      line,
      column,
      message: expect.stringMatching(/^is not the YAML of a policy: /),
    })
  })

  test.each([
    ['a tab', 'entries:\n  - name: a\n\tissuer: b\n    keys: {}\n    x: 1\n', 3, /^.*Tabs are not/],
    ['tabs', 'entries:\n\t- name: a\n\t  issuer: b\n', 2, /Tabs are not/],
    ['too little', 'entries:\n  - name: a\n   issuer: b\n    keys: {}\n', 3, /Sequence item/],
    ['too much', 'entries:\n  - name: a\n      issuer: b\n    keys: {}\n', 2, /Nested/],
    ['too much, beside an alias of nothing', 'a: *x\nb: 1\n c: 2\n', 2, /Nested/],
    ['a tab, behind a name twice', 'a: 1\na: 2\nb:\n\t- c\n', 4, /Tabs are not/],
  ])('says the cause alone, of an indentation with %s', (_title, text, line, said) => {
    const read = parsePolicySource(text, 'policy.yaml')
    expect(read.ok ? [] : read.problems).toEqual([
      { path: [], line, column: expect.any(Number), message: expect.stringMatching(said) },
    ])
  })

  test('says all that are none of each other', () => {
    const read = parsePolicySource('a: 1\na: 2\nb: *x\nc: !t 1', 'policy.yaml')
    expect(read.ok ? [] : read.problems).toHaveLength(3)
  })

  test('does not repeat a long text or steer a terminal', () => {
    const read = parsePolicySource(`entries: !\u202e${'x'.repeat(5000)} 5`, 'policy.yaml')
    const [problem] = read.ok ? [] : read.problems
    expect(problem?.message.length).toBeLessThan(300)
    expect(problem?.message).not.toContain('\u202e')
  })

  test('merges nothing, and knows the words of YAML 1.2 alone, whatever it calls itself', () => {
    const { json } = sourceOf('%YAML 1.1\n---\na: yes\nb: { <<: { c: 1 } }\nd: 0o17')
    expect(json).toEqual({ a: 'yes', b: { '<<': { c: 1 } }, d: 15 })
  })
})

describe('aliases', () => {
  test('may be as many as a fleet has', () => {
    const entries = Array.from({ length: 199 }, () => '  - { a: *text, b: *text, c: *text }')
    const { json } = sourceOf(['entries:', '  - &text word', ...entries].join('\n'))
    expect((json as { entries: unknown[] }).entries.at(-1)).toEqual({
      a: 'word',
      b: 'word',
      c: 'word',
    })
  })

  const MANY = [
    ['of aliases', `a: &a [x, x, x]\n${doubling(20)}`],
    ['of a long text', `a: &a ${'x'.repeat(100_000)}\nb: [*a, *a, *a]`],
    ['of what they are in', 'a: &a [*a]'],
  ] as const
  test.each(MANY)('%s are refused', (_title, text) => {
    const read = parsePolicySource(text, 'policy.yaml')
    expect(read).toMatchObject({
      ok: false,
      problems: [{ line: 1, column: 1, message: expect.stringContaining('262144 bytes as JSON') }],
    })
  })
})

function nameOf(index: number): string {
  return index === 0 ? 'a' : `a${index}`
}

/** Each list has the one before ten times. */
function doubling(count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const before = Array.from({ length: 10 }, () => `*${nameOf(index)}`).join(', ')
    return `${nameOf(index + 1)}: &${nameOf(index + 1)} [${before}]`
  }).join('\n')
}
