import { describe, expect, test } from 'vitest'
import { compileExpression } from '../../../src/policies/compile-expression.ts'
import { evaluated, expression, problemOf } from '../../support/expressions.ts'

const OPERATOR_HINT = ': CEL writes &&, ||, ! and =='
const TEXT_HINT = `: CEL writes a text as "…" or '…', and \\ before such a quote within it`

describe('what cannot be evaluated', () => {
  test.each([
    ['claims.team', 'claims.team (line 1, column 8) is absent: ask has(claims.team) first'],
    ['"a" ==\n claims.a.b', 'claims.a (line 2, column 9) is absent: ask has(claims.a) first'],
    [
      'claims["kubernetes.io"].sa',
      'claims["kubernetes.io"].sa (line 1, column 25) is absent: ask whether its name is in claims["kubernetes.io"] first',
    ],
    [
      'claims["a b"]',
      'claims["a b"] (line 1, column 1) is absent: ask whether its name is in claims first',
    ],
    [
      'claims.people.exists(p, p.age == 1)',
      'p.age (line 1, column 27) is absent: ask has(p.age) first',
    ],
    [
      'claims.groups[2]',
      'claims.groups[2] (line 1, column 1) is behind the end of the list: ask for its size() first',
    ],
    [
      'claims.n + 1',
      'claims.n + 1 (line 1, column 1) does not fit together, double + int: numbers of claims are doubles, so write 1.0 for 1, or int(…)',
    ],
    [
      'claims.n + claims.text',
      'claims.n + claims.text (line 1, column 1) does not fit together, double + string',
    ],
    [
      'claims.n.lowerAscii()',
      'claims.n.lowerAscii() (line 1, column 1) does not fit together, double.lowerAscii()',
    ],
    [
      'claims.text && true',
      'claims.text (line 1, column 8) is neither true nor false, or what it is joined with is not',
    ],
    ['claims.text ? 1 : 2', 'claims.text (line 1, column 8) is neither true nor false'],
    [
      'claims.text.all(x, true)',
      'claims.text (line 1, column 8) is no list, so nothing goes through it',
    ],
    [
      'int(claims.text)',
      'int(claims.text) (line 1, column 1) is of a text or a number that cannot be converted',
    ],
    [
      'bool(claims.text)',
      'bool(claims.text) (line 1, column 1) is of a text or a number that cannot be converted',
    ],
    [
      'claims.text.substring(99)',
      'claims.text.substring(99) (line 1, column 1) takes a place that the text does not have',
    ],
    ['int(claims.n) / 0', 'int(claims.n) / 0 (line 1, column 1) divides by zero'],
    [
      'claims[claims.text]',
      'claims[claims.text] (line 1, column 1) is absent: ask whether its name is in claims first',
    ],
    [
      'int(claims.n) * 9007199254740991',
      'the expression gives a number that JSON does not hold exactly',
    ],
    ['claims.n / 0.0', 'the expression gives a number that JSON does not hold'],
  ])('%s: %s', (source, problem) => {
    expect(problemOf(source)).toBe(problem)
  })

  test('a text of more parts than a list may have', () => {
    const claims = { sub: ','.repeat(99) }
    expect(evaluated('claims.sub.split(",").size()', claims)).toEqual({ ok: true, value: 100 })
    expect(problemOf('claims.sub.split(",")', { sub: ','.repeat(100) })).toContain('has more parts')
  })

  test.each(['', ' 5', '5 ', '0x5', '0b1', '5.0', '1e3', '+5', '1234567890123456789', '٥'])(
    'int() takes %j for no number',
    (five) => {
      expect(problemOf('int(claims.five)', { five })).toContain('cannot be converted')
    },
  )

  test('claims beyond the limits, whether they are read or not', () => {
    const claims = { groups: Array.from({ length: 101 }, () => 1) }
    expect(problemOf('entry.name', claims)).toBe('the claims have a list of more than 100')
  })

  test('a request beyond the limits', () => {
    const request = { audience: 'a'.repeat(4097), subjectTokenType: 'jwt' }
    const entry = { name: 'a', issuer: 'b' }
    expect(expression('request.audience').evaluate({ claims: {}, entry, request })).toEqual({
      ok: false,
      problem: 'the request has more than 4096 characters',
    })
  })

  test.each([
    'claims[claims.text]',
    'claims.sub[claims.text]',
    'bool(claims.text)',
    'int(claims.text)',
    'double(claims.text)',
    'claims.text + 1',
    'claims.text.all(x, true)',
    'claims.groups[claims.text]',
    'claims.text && claims.text',
    'claims.people[0][claims.text]',
    'claims.text.substring(100)',
    '[claims.text][1]',
  ])('never says the value of a claim: %s', (source) => {
    expect(evaluated(source).ok).toBe(false)
    expect(problemOf(source)).not.toContain('secret-value')
  })

  test('is told in a sentence of a bounded length, printable', () => {
    const long = `claims.${'a'.repeat(3000)}`
    expect(problemOf(long).length).toBeLessThan(300)
    expect(problemOf('claims["\u202e"]')).toContain(String.raw`claims["\u{202e}"]`)
  })
})

describe('what does not compile', () => {
  test.each([
    ['claims.a.all("x", true)', '1:14 is not CEL: all(var, predicate) invalid predicate iteration'],
    ['', '1:1 is not complete: it ends where more is needed'],
    ['1 +', '1:4 is not complete: it ends where more is needed'],
    ['claims.a == \n  (1', '2:5 is not complete: it ends where more is needed'],
    ['claims.?x', '1:8 is not CEL: Expected IDENTIFIER, got QUESTION'],
    ['"a', '1:1 is not CEL: Unterminated string'],
    ['a = 1', '1:3 is not CEL: Unexpected character: ='],
    ['claims.a == “x”', TEXT_HINT],
    ["claims.a == 'it's'", TEXT_HINT],
    ["claims.a == 'x", TEXT_HINT],
    ['claims.a and claims.b', OPERATOR_HINT],
    ['claims.a OR claims.b', OPERATOR_HINT],
    ['not claims.a', OPERATOR_HINT],
    ['not(claims.a)', '1:1 has not(), which is not known here: CEL writes &&, ||, ! and =='],
    ['claims.a = 1', OPERATOR_HINT],
    ['claims.a === 1', OPERATOR_HINT],
    ['claims.a & claims.b', OPERATOR_HINT],
    ['claims.a | claims.b', OPERATOR_HINT],
    ['"a" \u202e', String.raw`1:5 is not CEL: Unexpected character: \u{202e}`],
    ['"a" + 1', '1:1 does not fit together: no such overload: string + int'],
    ['entry.name == 1', '1:1 does not fit together: no such overload: string == int'],
    [
      '[1].split("a")',
      "1:1 does not fit together: found no matching overload for 'list.split(string)'",
    ],
    [
      '"a".split("a", 1)',
      "1:1 does not fit together: found no matching overload for 'string.split(string, int)'",
    ],
    ['int()', "1:1 does not fit together: found no matching overload for 'int()'"],
    [
      'entry.name && true',
      "1:1 does not fit together: Logical operator requires bool operands, got 'string'",
    ],
    [`${'('.repeat(17)}1`, '1:17 is too large: Exceeded maxDepth (16)'],
    [`1${' + 1'.repeat(125)}`, 'is too large: Exceeded maxAstNodes (250)'],
    ['1 / 0', '1:1 never has a value: 1 / 0 (line 1, column 1) divides by zero'],
    [
      'int("")',
      '1:1 never has a value: int("") (line 1, column 1) is of a text or a number that cannot be converted',
    ],
    [`"${'a'.repeat(4095)}"`, '1:1 has more than 4096 characters'],
  ])('%s: %s', (source, expected) => {
    const result = compileExpression(source)
    const said = result.ok ? result.type : `${result.at.line}:${result.at.column} ${result.message}`
    expect(said).toContain(expected)
  })

  test.each([
    'claims.a ==',
    'claims.and == claims.b || claims.c <= 1 && claims.d >= 1 && ',
    'claims.x != "a and b, or = c" &&',
    "claims.x != 'it\\'s' ||",
    'claims.band +',
    'claims.a == ""x',
  ])('is not taken for another language: %s', (source) => {
    const result = compileExpression(source)
    expect(result).toMatchObject({ ok: false, message: expect.not.stringContaining('CEL writes') })
  })

  test('has no types of its own', () => {
    const types = [
      'true',
      '"a"',
      '1',
      '1.0',
      'null',
      '[1]',
      'claims.a',
      'claims.a == 1',
      'entry.name',
    ]
    const compiled = types.map((source) => {
      const result = compileExpression(source)
      return result.ok ? result.type : result.message
    })
    expect(compiled).toEqual([
      'bool',
      'string',
      'int',
      'double',
      'null',
      'list<int>',
      'dyn',
      'bool',
      'string',
    ])
  })
})
