import { describe, expect, test } from 'vitest'
import { CLAIMS, evaluated, expression, problemOf } from '../../support/expressions.ts'

describe('an expression', () => {
  test.each<[string, unknown]>([
    ['claims.sub.startsWith("repo:octo/")', true],
    ['claims["kubernetes.io"].namespace', 'prod'],
    ['claims["kubernetes.io"]["pod"].name + "!"', 'p!'],
    ['entry.name + ":" + claims.five', 'cluster-a:5'],
    ['entry.issuer', 'https://issuer.example'],
    ['[request.audience, request.subjectTokenType]', ['sts.amazonaws.com', 'jwt']],
    ['glob(claims.sub, "repo:octo/*:ref:**")', true],
    ['glob(claims.sub, "repo:*")', false],
    ['"dev" in claims.groups', true],
    ['"sub" in claims', true],
    ['claims.groups.exists(x, x == "ops")', true],
    ['claims.groups.all(x, x == "ops")', false],
    ['claims.groups.exists_one(x, x == "ops")', true],
    ['claims.groups.filter(x, x.startsWith("d"))', ['dev']],
    ['claims.groups.map(x, entry.name + "-" + x)', ['cluster-a-dev', 'cluster-a-ops']],
    ['claims.groups.map(x, x == "ops", {"name": x})', [{ name: 'ops' }]],
    ['claims.people.exists(p, p.name == "b")', true],
    ['claims.people[1].name', 'b'],
    ['claims.groups == ["dev", "ops"]', true],
    ['claims.groups + ["x"]', ['dev', 'ops', 'x']],
    ['claims.groups.join(",")', 'dev,ops'],
    ['claims.sub.split(":")[1].split("/")', ['octo', 'app']],
    ['claims.sub.substring(claims.sub.indexOf("octo"), claims.sub.indexOf("/"))', 'octo'],
    ['claims.sub.substring(claims.sub.lastIndexOf("/") + 1)', 'main'],
    ['claims.blank.trim()', 'a'],
    ['claims.blank.endsWith(" ") && claims.blank.contains("a")', true],
    ['size(claims.groups) + claims.groups.size()', 4],
    ['size(claims.sub)', 33],
    ['claims.ok ? "yes" : "no"', 'yes'],
    ['claims.none', null],
    ['claims.none == null', true],
    ['{"team": claims.groups[0], "nested": {"n": 1}}', { team: 'dev', nested: { n: 1 } }],
    ['bool("true") && !bool("false")', true],
    ['string(claims.n) + string(true) + string(1)', '5true1'],
    ['-claims.n', -5],
    ['// why\n"a"', 'a'],
  ])('%s gives %o', (source, value) => {
    expect(evaluated(source)).toEqual({ ok: true, value })
  })

  test.each<[string, unknown]>([
    ['claims.n == 5', true],
    ['5 == claims.n', true],
    ['claims.n != 5', false],
    ['claims.n > 3', true],
    ['claims.n in [1, 5]', true],
    ['claims.n == "5"', false],
    ['claims.five == 5', false],
    ['claims.exp - claims.iat > 600', true],
    ['claims.exp - claims.iat > 1000.0', false],
    ['claims.n + 1.0', 6],
    ['int(claims.n) + 1', 6],
    ['int(claims.five) + int("-7") + int(2.9)', 0],
    ['double(claims.five) / 2.0', 2.5],
  ])('%s of numbers gives %o', (source, value) => {
    expect(evaluated(source)).toEqual({ ok: true, value })
  })

  test.each<[string, unknown]>([
    // Kelvin is no k, and an umlaut no letter of ASCII.
    ['claims.mixed.lowerAscii()', 'Äb\u212a'],
    ['"äb".upperAscii()', 'äB'],
    ['claims.mixed.lowerAscii() == "Äbk"', false],
  ])('%s changes letters of ASCII alone', (source, value) => {
    expect(evaluated(source)).toEqual({ ok: true, value })
  })
})

describe('names that JavaScript knows', () => {
  test.each<[string, unknown]>([
    ['has(claims.constructor)', false],
    ['has(claims.toString)', false],
    ['has(claims.people)', true],
    ['"constructor" in claims', false],
    ['"__proto__" in claims', true],
    ['"toString" in claims["kubernetes.io"]', false],
    ['has(claims.sub.length)', false],
    ['has(claims.groups.length)', false],
    // An own member of that name, which is neither missing nor inherited.
    ['claims.__proto__.admin', true],
    ['claims["__proto__"]', { admin: true }],
    ['has(claims.admin)', false],
    ['claims.odd == claims.plain', false],
    ['claims', CLAIMS],
  ])('%s gives %o', (source, value) => {
    expect(evaluated(source)).toEqual({ ok: true, value })
  })

  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'size', 'get', '__proto__'])(
    '%s is absent where the token does not have it',
    (name) => {
      const claims = { sub: 'x' }
      expect(problemOf(`claims.${name}`, claims)).toContain('is absent')
      expect(problemOf(`claims["${name}"]`, claims)).toContain('is absent')
      expect(problemOf(`claims.sub.${name}`, claims)).toContain('is absent')
      expect(problemOf(`claims.sub["${name}"]`, claims)).toContain('is absent')
      expect(evaluated(`has(claims.${name}) || "${name}" in claims`, claims)).toEqual({
        ok: true,
        value: false,
      })
    },
  )

  test('constructor as a claim stops nobody', () => {
    const claims = { constructor: 'Map', nested: { constructor: null }, sub: 'x' }
    expect(evaluated('claims.sub + claims.constructor', claims)).toEqual({
      ok: true,
      value: 'xMap',
    })
    expect(evaluated('claims.nested.constructor == null', claims).ok).toBe(true)
    expect(evaluated('claims.nested', claims)).toEqual({ ok: true, value: { constructor: null } })
  })
})

describe('what is known when it is compiled', () => {
  test.each<[string, unknown]>([
    ['"a" + "b"', 'ab'],
    ['true', true],
    ['null', null],
    ['1 + 1', 2],
    ['["a", "b"].map(x, x + "!")', ['a!', 'b!']],
    ['{"a": 1}', { a: 1 }],
    ['size("claims")', 6],
  ])('%s is constant', (source, value) => {
    expect(expression(source).constant).toEqual({ value })
    expect(expression(source).source).toBe(source)
  })

  test.each([
    'claims.a',
    'entry.name',
    'request.audience',
    '"a" + entry.name',
    'has(claims.a)',
    '["a"].map(x, claims.a)',
  ])('%s is not', (source) => {
    expect(expression(source).constant).toBeUndefined()
  })

  test.each([
    'entry.name + ":" + claims.sub',
    'entry.name + "/x"',
    'entry.name + (":" + claims.sub)',
    '((entry.name)) + ((":"))',
    '(entry.name + ":x") + claims.sub',
    'claims.ok ? entry.name + ":a" : entry.name + "/b"',
    'claims.ok ? entry.name + ":a" : (claims.ok ? entry.name + "/b" : entry.name + "/c" + claims.d)',
  ])('%s begins with the name of the entry', (source) => {
    expect(expression(source).startsWithEntryName).toBe(true)
  })

  test.each([
    'entry.name',
    'entry.name + claims.sub',
    'entry.name + "x:"',
    'entry.name + "" + ":"',
    'entry.name + entry.name + ":"',
    '":" + entry.name + ":"',
    'entry.issuer + ":"',
    'claims.name + ":"',
    'claims.entry.name + ":"',
    'request.audience + ":" + entry.name',
    'claims.ok ? entry.name + ":a" : "b:"',
    'claims.ok ? claims.sub : entry.name + ":a"',
    '(claims.ok ? entry.name : claims.sub) + ":"',
    '[entry.name + ":"]',
    'entry.name + ":" == claims.sub',
    '(entry.name + ":").trim()',
    '"cluster-a:"',
  ])('%s need not', (source) => {
    expect(expression(source).startsWithEntryName).toBe(false)
  })
})
