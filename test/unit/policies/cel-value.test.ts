import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { celClaims, jsonValue } from '../../../src/policies/cel-value.ts'

function parsed(text: string): JsonObject {
  return JSON.parse(text) as JsonObject
}

function nested(depth: number): JsonObject {
  return depth === 1 ? {} : { a: nested(depth - 1) }
}

describe('claims', () => {
  test('become maps, in which every name is one', () => {
    const text = '{"a":[1,{"constructor":null}],"__proto__":{"x":true},"toString":"t"}'
    const claims = celClaims(parsed(text))
    expect(claims).toEqual({
      ok: true,
      value: new Map<string, unknown>([
        ['a', [1, new Map([['constructor', null]])]],
        ['__proto__', new Map([['x', true]])],
        ['toString', 't'],
      ]),
    })
  })

  test('are converted once', () => {
    const claims = { a: 'b' }
    expect(celClaims(claims)).toBe(celClaims(claims))
    expect(celClaims({ a: 'b' })).not.toBe(celClaims(claims))
  })

  test.each<[string, unknown]>([
    ['as many items as may be', { a: Array.from({ length: 100 }, () => 1) }],
    ['as long a text as may be', { a: 'x'.repeat(4096) }],
    ['as deep as may be', nested(8)],
  ])('may have %s', (_title, claims) => {
    expect(celClaims(claims as JsonObject).ok).toBe(true)
  })

  test.each<[string, unknown]>([
    ['are nested more than 8 deep', nested(9)],
    ['have a list of more than 100', { a: Array.from({ length: 101 }, () => 1) }],
    [
      'have an object with more members than 100',
      Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`k${at}`, 1])),
    ],
    ['have a text of more than 4096 characters', { a: 'x'.repeat(4097) }],
    ['have a text of more than 4096 characters', { ['x'.repeat(4097)]: 1 }],
    ['have more than 16384 characters', { a: Array.from({ length: 5 }, () => 'x'.repeat(4000)) }],
    [
      'have more than 16384 characters',
      { a: Array.from({ length: 100 }, () => Array.from({ length: 90 }, () => 1)) },
    ],
    ['are no JSON', { a: 1n }],
    ['are no JSON', { a: undefined }],
    ['are no JSON', { a: () => 1 }],
  ])('that %s are a problem', (problem, claims) => {
    expect(celClaims(claims as JsonObject)).toEqual({ ok: false, problem })
  })
})

describe('a result', () => {
  test.each<[unknown, unknown]>([
    [null, null],
    [true, true],
    ['text', 'text'],
    [1.5, 1.5],
    [-0, 0],
    [0n, 0],
    [-9007199254740991n, -9007199254740991],
    [
      [1n, ['a']],
      [1, ['a']],
    ],
    [{ a: 1n }, { a: 1 }],
    [new Map([['a', new Map([['b', 1]])]]), { a: { b: 1 } }],
  ])('%o is %o', (value, expected) => {
    expect(jsonValue(value)).toEqual({ ok: true, value: expected })
  })

  test('defines members, whatever their names', () => {
    const result = jsonValue(new Map([['__proto__', new Map([['admin', true]])]]))
    expect(JSON.stringify(result)).toBe('{"ok":true,"value":{"__proto__":{"admin":true}}}')
    const value = result.ok ? result.value : undefined
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect((value as JsonObject)['admin']).toBeUndefined()
  })

  test.each<[string, unknown]>([
    ['gives a number that JSON does not hold exactly', 9007199254740992n],
    ['gives a number that JSON does not hold exactly', [-9007199254740992n]],
    ['gives a number that JSON does not hold', Number.NaN],
    ['gives a number that JSON does not hold', Number.POSITIVE_INFINITY],
    ['gives a text that ends within a character', 'a\ud83d'],
    ['gives a text that ends within a character', new Map([['a\ud83d', 1]])],
    ['gives a value that JSON does not have', undefined],
    ['gives a value that JSON does not have', () => 1],
    ['gives a value that JSON does not have', new Date(0)],
    ['gives a value that JSON does not have', new Uint8Array(1)],
    ['gives a value that JSON does not have', new (class extends Map {})()],
    ['gives more than 16384 characters', 'x'.repeat(16_383)],
    ['gives more than 16384 characters', Array.from({ length: 5 }, () => 'x'.repeat(4000))],
    ['gives more than 16384 characters', Array.from({ length: 9000 }, () => 1)],
  ])('that %s is a problem', (problem, value) => {
    expect(jsonValue(value)).toEqual({ ok: false, problem })
  })
})
