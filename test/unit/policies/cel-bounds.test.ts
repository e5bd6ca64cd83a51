import { describe, expect, test } from 'vitest'
import { compileExpression } from '../../../src/policies/compile-expression.ts'

/** `line:column message`, or the type. */
function compiled(source: string): string {
  const result = compileExpression(source)
  return result.ok ? result.type : `${result.at.line}:${result.at.column} ${result.message}`
}

const KNOWN =
  'which is not known here: known are bool(), double(), glob(), has(), int(), size(), string(), .contains(), .endsWith(), .indexOf(), .join(), .lastIndexOf(), .lowerAscii(), .size(), .split(), .startsWith(), .substring(), .trim(), .upperAscii(), .all(), .exists(), .exists_one(), .filter(), .map()'

describe('names', () => {
  test.each([
    ['foo', '1:1 reads foo, which is not known: known are claims, entry, request'],
    ['claims.a ==\n  foo.b', '2:3 reads foo, which is not known: known are claims, entry, request'],
    ['entry.foo', '1:7 reads entry.foo, which is not known: known are entry.name, entry.issuer'],
    [
      '!has(request.aud)',
      '1:14 reads request.aud, which is not known: known are request.audience, request.subjectTokenType',
    ],
    [
      'claims.a.exists(x, y == 1)',
      '1:20 reads y, which is not known: known are claims, entry, request, x',
    ],
    [
      'claims.a.exists(x, x == 1) && x',
      '1:31 reads x, which is not known: known are claims, entry, request',
    ],
    ['entry', '1:1 takes entry as a whole: its members are name, issuer'],
    ['"name" in entry', '1:11 takes entry as a whole: its members are name, issuer'],
    [
      'request["audience"]',
      '1:1 takes request as a whole: its members are audience, subjectTokenType',
    ],
    ['constructor', '1:1 reads constructor, which is not known: known are claims, entry, request'],
    ['int', '1:1 reads int, which is not known: known are claims, entry, request'],
    ['google.protobuf', '1:1 reads google, which is not known: known are claims, entry, request'],
    [
      'claims.a.exists(claims, true)',
      '1:17 has exists() that calls the item claims, which is the name of something else',
    ],
    [
      'claims.a.map(entry, entry.name)',
      '1:14 has map() that calls the item entry, which is the name of something else',
    ],
  ])('%s: %s', (source, expected) => {
    expect(compiled(source)).toBe(expected)
  })
})

describe('functions', () => {
  test.each([
    'timestamp("2020-01-01T00:00:00Z")',
    'duration("1s")',
    'bytes("a")',
    'type(1)',
    'dyn(1)',
    'uint(1)',
    'optional.none()',
    'claims.a.foo()',
    'claims.a.toString()',
    'claims.a.at(1)',
    'cel.bind(x, 1, x)',
    'own_split("a")',
    'claims.a.own_split("a")',
    'claims.a.own_lowerAscii()',
    'own_int("1")',
    'contains("a", "b")',
    'claims.a.int()',
    'claims.a.has(claims.b)',
  ])('%s is not among them', (source) => {
    expect(compiled(source)).toMatch(/^1:1 has \w+\(\), /)
    expect(compiled(source)).toContain(KNOWN)
  })

  test('of an argument, or within a macro, are looked at too', () => {
    expect(compiled('size(dyn(claims.a))')).toMatch(/^1:6 has dyn\(\), /)
    expect(compiled('claims.a.map(x, dyn(x))')).toMatch(/^1:17 has dyn\(\), /)
    expect(compiled('[{"a": [dyn(1)]}]')).toMatch(/^1:9 has dyn\(\), /)
    expect(compiled('claims.a ? 1 : dyn(1)')).toMatch(/^1:16 has dyn\(\), /)
    expect(compiled('claims[dyn(1)]')).toMatch(/^1:8 has dyn\(\), /)
    expect(compiled('-dyn(1) < 2')).toMatch(/^1:2 has dyn\(\), /)
  })

  test.each([
    [
      'claims.a.matches("a+")',
      '1:1 has matches(), which is not known here: use glob(text, pattern)',
    ],
    [
      'has(claims["a"].b)',
      '1:5 has a has() of no member: write has(claims.x), or "x" in claims for any name',
    ],
    [
      'has(claims)',
      '1:5 has a has() of no member: write has(claims.x), or "x" in claims for any name',
    ],
    ['b"x"', '1:1 has bytes or a number with u, which no claim is: write a text or a plain number'],
    ['1u', '1:1 has bytes or a number with u, which no claim is: write a text or a plain number'],
    ['9007199254740992', '1:1 has a number of more than 53 bits, which JSON does not hold exactly'],
  ])('%s: %s', (source, expected) => {
    expect(compiled(source)).toBe(expected)
  })
})

describe('macros', () => {
  test.each([
    [
      'claims.a.all(x, claims.b.exists(y, x == y))',
      '1:17 has exists() within a macro: they do not nest',
    ],
    ['claims.a.map(x, x.filter(y, true))', '1:17 has filter() within a macro: they do not nest'],
    ['claims.a.map(x, x.b.all(y, true), x)', '1:17 has all() within a macro: they do not nest'],
    ['claims.a.map(x, x.split("/"))', '1:17 has split() within a macro: only before one'],
    ['claims.a.exists(x, ["a"].join() == x)', '1:20 has join() within a macro: only before one'],
    [
      'claims.a.exists(x)',
      '1:1 has exists() without a name for the item and what is asked of it: list.exists(x, …)',
    ],
    [
      'claims.a.exists(x, true, true)',
      '1:1 has exists() without a name for the item and what is asked of it: list.exists(x, …)',
    ],
  ])('%s: %s', (source, expected) => {
    expect(compiled(source)).toBe(expected)
  })

  test('may follow one another', () => {
    expect(compiled('claims.a.filter(x, x != "").exists(y, y == "b")')).toBe('bool')
    expect(compiled('claims.a.split("/").exists(x, x == "b") && claims.b.all(x, true)')).toBe(
      'bool',
    )
  })
})

describe('texts that have to be written out', () => {
  test.each([
    'glob(claims.a, "a*")',
    'glob(claims.a, entry.name + "/*")',
    'glob(claims.a, "x/" + entry.name + "/*")',
    'claims.a.contains("b")',
    'claims.a.contains(entry.name)',
    'claims.a.startsWith(claims.b)',
    `claims.a.contains("${'x'.repeat(256)}")`,
    `glob(claims.a, "${'x'.repeat(193)}" + entry.name)`,
  ])('%s', (source) => {
    expect(compiled(source)).toBe('bool')
  })

  test.each([
    ['glob(claims.a, claims.b)', '1:16 has a glob() whose pattern is not written out'],
    ['glob(claims.a, "x" + claims.b)', '1:16 has a glob() whose pattern is not written out'],
    ['glob(claims.a, entry.issuer)', '1:16 has a glob() whose pattern is not written out'],
    ['glob(claims.a, request.audience)', '1:16 has a glob() whose pattern is not written out'],
    ['claims.a.exists(x, glob("a", x))', '1:30 has a glob() whose pattern is not written out'],
    ['glob(claims.a, "a***")', '1:16 has a glob() whose pattern has three stars in a row'],
    ['glob(claims.a, "*" + "**")', '1:16 has a glob() whose pattern has three stars in a row'],
    [`glob(claims.a, "${'x'.repeat(257)}")`, '1:16 has a glob() whose pattern has more than 256'],
    [
      `glob(claims.a, "${'x'.repeat(194)}" + entry.name)`,
      '1:16 has a glob() whose pattern has more than 256',
    ],
    ['claims.a.contains(claims.b)', '1:19 has a contains() for a text that is not written out'],
    ['claims.a.indexOf(claims.b, 1)', '1:18 has a indexOf() for a text that is not written out'],
    ['claims.a.lastIndexOf(claims.b)', '1:22 has a lastIndexOf() for a text that is not written'],
    ['claims.a.split(claims.b)', '1:16 has a split() for a text that is not written out'],
    [
      `claims.a.contains("${'x'.repeat(257)}")`,
      '1:19 has a contains() for a text of more than 256 characters',
    ],
  ])('%s: %s', (source, expected) => {
    expect(compiled(source)).toContain(expected)
  })
})

describe('objects', () => {
  test.each([
    '{"a": 1}',
    '[{"a": {"b": claims.c}}]',
    'claims.a == "b" ? {"a": 1} : {"a": 2}',
    'claims.a.map(x, {"a": x})',
    'claims.a.map(x, x == "b", [{"a": x}])',
  ])('%s may be a value', (source) => {
    expect(compiled(source)).toMatch(/^(map|list)/)
  })

  test.each([
    ['{"a": 1} == claims.a', '1:1 compares an object as a whole: compare its members'],
    ['claims.a in [{"a": 1}]', '1:14 compares an object as a whole: compare its members'],
    ['claims.a.map(x, {"a": x}) == claims.b', '1:17 compares an object as a whole'],
    ['claims.a.map(x, {"a": x} == x, x)', '1:17 compares an object as a whole'],
    ['claims.a.filter(x, {"a": x} == x)', '1:20 compares an object as a whole'],
    ['{"a": 1}.a', '1:1 compares an object as a whole: compare its members'],
    ['({"a": true} == {"a": true}) ? 1 : 2', '1:2 compares an object as a whole'],
    ['{claims.a: 1}', '1:2 has a member without a written name'],
    ['{1: 1}', '1:2 has a member without a written name'],
    ['{"a": 1, "__proto__": 1}', '1:10 has a member __proto__: take another name'],
    ['{"constructor": 1}', '1:2 has a member constructor: take another name'],
    ['{"a": 1, "a": 2}', '1:10 has two members of the same name'],
  ])('%s: %s', (source, expected) => {
    expect(compiled(source)).toContain(expected)
  })
})
