import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { EXPRESSION_CHARS_MAX } from '../../src/limits.ts'
import { CEL_SIZE_MAX } from '../../src/policies/cel-value.ts'
import { compileExpression } from '../../src/policies/compile-expression.ts'
import type { CompiledExpression, ExpressionInput } from '../../src/policies/expression.ts'
import { globProblem, matchesGlob } from '../../src/policies/glob.ts'

/** In every text of the claims, and in no expression: whatever repeats it repeats a claim. */
const MARK = '§'

const NAMES = ['a', 'b', 'c', 'list', 'constructor', '__proto__', 'toString', 'kubernetes.io']

/** One of those in a line. */
function words(line: string): fc.Arbitrary<string> {
  return fc.constantFrom(...line.split(' '))
}

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  fc.string({ maxLength: 5 }).map((text) => text + MARK),
)
const { value: claimValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'claim' },
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => MARK + text),
    fc.constantFrom(true, false, null, 0, 5, -1.5, 1e300, MARK),
    fc.integer(),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'claim' }),
    object(tie('value')),
  ),
}))
const claims = object(claimValue)

/** As `JSON.parse` makes them: an own `__proto__` is a member. */
function object(value: fc.Arbitrary<unknown>): fc.Arbitrary<JsonObject> {
  const member = fc.tuple(name, value)
  return fc.array(member, { maxLength: 5, depthIdentifier: 'claim' }).map(Object.fromEntries)
}

const literal = fc.constantFrom(
  '"a"',
  '"b/c"',
  '":"',
  '""',
  '1',
  '2.5',
  '-3',
  'true',
  'false',
  'null',
)
const variable = words('claims entry.name entry.issuer request.audience')
const identifier = fc.constantFrom('a', 'b', 'c', 'list', 'constructor', 'toString')
const claim = built('claims.', identifier)
const binary = words('+ - * / % == != < <= > >= in && ||')
const search = words('contains indexOf lastIndexOf split')
const plain = words('size trim lowerAscii upperAscii join')
const call = words('size string int double bool')
const macro = words('all exists exists_one filter map')
const pattern = fc.constantFrom('"*"', '"**"', '"a*/?"', 'entry.name + "*"')

function built(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  const arbitraries = parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))
  return fc.tuple(...arbitraries).map((all) => all.join(''))
}

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression')
  const ofItem = inner.map((source) => source.replaceAll('claims.a', 'x'))
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'expression', withCrossShrink: true },
      fc.oneof(literal, variable, claim, claim),
      claim,
      built('(', inner, ' ', binary, ' ', inner, ')'),
      built(inner, '.', identifier),
      built('has(claims.', identifier, ')'),
      built('claims["kubernetes.io"].', identifier),
      built(inner, '[', inner, ']'),
      built('(', inner, ' ? ', inner, ' : ', inner, ')'),
      built('!', inner),
      built('[', inner, ', ', inner, ']'),
      built('{"k": ', inner, ', "l": ', inner, '}'),
      built(inner, '.', search, '("/")'),
      built(claim, '.', search, '("b")'),
      built(inner, '.', plain, '()'),
      built(claim, '.', plain, '()'),
      built(inner, '.startsWith(', inner, ')'),
      built(inner, '.substring(0, ', inner, ')'),
      built(call, '(', inner, ')'),
      built('glob(', inner, ', ', pattern, ')'),
      built(claim, '.', macro, '(x, ', ofItem, ')'),
      built(inner, '.', macro, '(x, ', ofItem, ')'),
    ),
  }
})

/** Names and marks alone, so that many of them are something. */
const scrap = fc.oneof(
  words(`claims entry . name ( ) [ ] { } "a" ' " + ? : == && ! - 1 , / \\ b"x" 0x __proto__`),
  words('.exists(x, glob( .map(a, has( size('),
  fc.constant('\n'),
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(scrap, { maxLength: 40 }).map((parts) => parts.join(' ')),
  fc.tuple(scrap, fc.nat({ max: EXPRESSION_CHARS_MAX })).map(([part, times]) => part.repeat(times)),
)

function inputOf(its: JsonObject): ExpressionInput {
  return {
    claims: its,
    entry: { name: 'cluster-a', issuer: 'https://issuer.example' },
    request: { audience: 'sts.amazonaws.com', subjectTokenType: 'jwt' },
  }
}

function compiled(source: string): CompiledExpression | undefined {
  const result = compileExpression(source)
  return result.ok ? result.expression : undefined
}

/** The same once more, and nothing that the first one was kept by. */
function copied(its: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(its)) as JsonObject
}

describe('expressions', () => {
  test('of any text compile or say where they do not', () => {
    fc.assert(
      fc.property(anyText, claims, (source, its) => {
        const result = compileExpression(source)
        if (result.ok) {
          result.expression.evaluate(inputOf(its))
          return
        }
        const lines = source.split('\n')
        expect(result.at.line).toBeLessThanOrEqual(lines.length)
        expect(result.at.column).toBeGreaterThanOrEqual(1)
        expect(result.at.column).toBeLessThanOrEqual((lines[result.at.line - 1]?.length ?? 0) + 1)
        expect(result.message.length).toBeLessThan(800)
      }),
      { numRuns: 500 },
    )
  })

  test('of any form and over any claims give JSON of a bounded size, the same each time, or a reason without claims', () => {
    fc.assert(
      fc.property(expression, claims, (source, its) => {
        const first = compiled(source)?.evaluate(inputOf(its)) ?? { ok: false, problem: '' }
        const second = compiled(source)?.evaluate(inputOf(copied(its))) ?? {
          ok: false,
          problem: '',
        }
        expect(second).toEqual(first)
        expect(first.ok ? '' : first.problem).not.toContain(MARK)
        const value = first.ok ? first.value : null
        const text = JSON.stringify(value)
        expect(JSON.parse(text)).toEqual(value)
        // Every character may need an escape of six.
        expect(text.length).toBeLessThanOrEqual(6 * CEL_SIZE_MAX)
      }),
      { numRuns: 3000 },
    )
  })

  test('that read nothing have their value before any claims', () => {
    fc.assert(
      fc.property(expression, claims, (source, its) => {
        const its1 = compiled(source)
        if (its1?.constant === undefined) return
        expect(its1.evaluate(inputOf(its))).toEqual({ ok: true, value: its1.constant.value })
      }),
      { numRuns: 1000 },
    )
  })

  test('that begin with the name of the entry by their form do so by their value', () => {
    const begun = fc
      .tuple(expression, expression, fc.constantFrom(':', '/', '.'))
      .map(([condition, rest, mark]) => [
        `entry.name + "${mark}" + ${rest}`,
        `${condition} ? entry.name + ("${mark}" + ${rest}) : entry.name + ":"`,
        `${condition} ? ${rest} : entry.name + ":"`,
        rest,
      ])
    fc.assert(
      fc.property(begun, claims, (sources, its) => {
        for (const source of sources) {
          const result = compiled(source)
          const value = result?.evaluate(inputOf(its))
          if (result?.startsWithEntryName !== true || value?.ok !== true) continue
          expect(value.value).toMatch(/^cluster-a[:/]/)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('see the names that a token has, and no others', () => {
    const [asked, there] = [compiled('has(claims.c)'), compiled('"c" in claims')]
    fc.assert(
      fc.property(claims, (its) => {
        const has = { ok: true, value: Object.hasOwn(its, 'c') }
        expect(asked?.evaluate(inputOf(its))).toEqual(has)
        expect(there?.evaluate(inputOf(its))).toEqual(has)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), claims, (wanted, its) => {
        const result = compiled(`claims["${wanted}"]`)?.evaluate(inputOf(its))
        const isThere = Object.hasOwn(its, wanted) && isWellFormed(its[wanted])
        const value = isThere ? copied({ a: its[wanted] })['a'] : undefined
        expect(result?.ok === true ? result.value : undefined).toEqual(value)
      }),
    )
  })
})

function isWellFormed(value: unknown): boolean {
  return !/\\ud[89a-f]/.test(JSON.stringify(value))
}

/** What the pattern says, in another language; its time is nobody's concern here. */
function reference(pattern_: string): RegExp {
  const source = pattern_.replace(/\*\*|[*?.]/g, (special) => {
    if (special === '.') return String.raw`\.`
    return { '**': '[^]*', '*': '[^/:]*', '?': '[^/:]' }[special] ?? special
  })
  return new RegExp(`^${source}$`, 'u')
}

describe('patterns', () => {
  const letter = fc.constantFrom('a', 'b', '/', ':', '🔑', '.')
  const token = fc.oneof(letter, fc.constantFrom('*', '**', '?'))
  const texts = fc.array(letter, { maxLength: 40 }).map((parts) => parts.join(''))
  const tokens = fc.array(token, { maxLength: 40 }).map((parts) => parts.join(''))

  test('match what a regular expression of the same meaning does', () => {
    const short = fc.tuple(
      fc.array(letter, { maxLength: 9 }).map((parts) => parts.join('')),
      fc.array(token, { maxLength: 7 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(short, ([text, pattern_]) => {
        fc.pre(globProblem(pattern_) === undefined)
        expect(matchesGlob(text, pattern_)).toBe(reference(pattern_).test(text))
      }),
      { numRuns: 5000 },
    )
  })

  test('match the text that they were made of', () => {
    const part = fc.oneof(
      letter.map((each) => [each, each]),
      fc.constantFrom(['*', ''], ['*', 'ab.'], ['**', 'a/b:c'], ['?', '🔑']),
    )
    const parts = fc.array(part, { maxLength: 60 })
    fc.assert(
      fc.property(parts, (made) => {
        const pattern_ = made.map(([its]) => its).join('')
        fc.pre(globProblem(pattern_) === undefined)
        expect(matchesGlob(made.map(([, its]) => its).join(''), pattern_)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('without a run match a text of their own length alone', () => {
    fc.assert(
      fc.property(texts, tokens, (text, pattern_) => {
        fc.pre(!pattern_.includes('*'))
        fc.pre(Array.from(text).length !== Array.from(pattern_).length)
        expect(matchesGlob(text, pattern_)).toBe(false)
      }),
    )
  })
})
