import { describe, expect, test } from 'vitest'
import { type JsonBounds, parseStrictJson } from '../../../src/subject-tokens/strict-json.ts'

const BOUNDS: JsonBounds = { depthMax: 4, itemsMax: 3, charsMax: 10 }
const TWICE = 'names a member twice'
const PROTO = 'has a member "__proto__"'
const BACKSLASH = 'has a backslash in a name'
const NO_JSON = 'is no JSON'
const NOT_UTF8 = 'is not in UTF-8'
const HALF = 'has half of a character'
const DEEP = 'is nested deeper than 4 lists and objects'
const WIDE = 'has a list or an object of more than 3 items'
const LONG = 'has a text of more than 10 characters'
const NUMBER = 'has a number beyond ±(2^53 − 1), which readers read differently'

describe('JSON that every reader reads alike', () => {
  test.each([
    '{}',
    '[]',
    '""',
    'null',
    ' { "a" : [ true , false , null ] } \n',
    '{"a":{"a":{"a":{}}},"b":{"a":1}}',
    '[[[[]]],[[[1]]]]',
    '{"a:b":"c:d","{[":"]}","é":"😀"}',
    String.raw`{"a\"":":","b":"\\\"{","c":"\\\\"}`,
    String.raw`{"https:\/\/":"\/","\u00e9":"\n"}`,
    String.raw`{"a":"😀","b":"\ud83d\ude00"}`,
    '{"valueOf":{"a":1},"toString":1}',
    '[9007199254740991,-9007199254740991,1.5]',
    '[1e15,-0,1E-400]',
    '{"a":"0123456789","0123456789":1}',
    '{"1":1,"0":2,"x":3}',
  ])('is read: %s', (text) => {
    const expected = { ok: true, value: JSON.parse(text) as unknown }
    expect(parseStrictJson(text, BOUNDS)).toEqual(expected)
    expect(parseStrictJson(Buffer.from(text), BOUNDS)).toEqual(expected)
  })

  test.each<[string, string, string]>([
    ['nothing', '', NO_JSON],
    ['an end that is missing', '{"a":1', NO_JSON],
    ['something behind it', '{} {}', NO_JSON],
    ['a quote that is missing', '{"a', NO_JSON],
    ['closing what is not open', ']]]]{}', NO_JSON],
    ['a comment', '{}//', NO_JSON],
    ['single quotes', "{'a':1}", NO_JSON],
    ['a comma too many', '[1,]', NO_JSON],
    ['NaN', '[NaN]', NO_JSON],
    ['a byte order mark', '\uFEFF{}', NO_JSON],
    ['a bare control character', '"\u0001"', NO_JSON],
    ['a member twice', '{"a":1,"a":1}', TWICE],
    ['a member twice, the last one empty', '{"a":1,"a":null}', TWICE],
    ['a member twice in another spelling', String.raw`{"iss":1,"\u0069ss":2}`, TWICE],
    ['a member twice, deep down', '[{"b":{"a":1,"a":2}}]', TWICE],
    ['an object twice, of which one has the members of both', '{"a":{"b":1},"a":{"b":1}}', TWICE],
    ['a member that copies take for a prototype', '[{"__proto__":{"a":1}}]', PROTO],
    ['a backslash in a name', String.raw`{"a\\":1}`, BACKSLASH],
    ['a backslash as a name, deep down', String.raw`[{"a":{"\\":1}}]`, BACKSLASH],
    ['such a member in another spelling', String.raw`{"__proto__":1}`, PROTO],
    ['half of a character in a text', String.raw`["\ud800"]`, HALF],
    ['the other half in a text', String.raw`["\udc00x"]`, HALF],
    ['halves in the wrong order', String.raw`["\udc00\ud800"]`, HALF],
    ['half of a character in a name', String.raw`{"\uD800":1}`, HALF],
  ])('refuses %s', (_title, text, problem) => {
    expect(parseStrictJson(text, BOUNDS)).toEqual({ ok: false, problem, isBounds: false })
    const inBytes = parseStrictJson(Buffer.from(text), BOUNDS)
    expect(inBytes).toEqual({ ok: false, problem, isBounds: false })
  })

  test.each<[string, string, string]>([
    ['a list too deep', '[[[[[]]]]]', DEEP],
    ['an object too deep', '{"a":{"a":{"a":{"a":{}}}}}', DEEP],
    ['both too deep', '[{"a":[{"a":[]}]}]', DEEP],
    ['a long list', '[1,2,3,4]', WIDE],
    ['a long list, deep down', '{"a":[[1,2,3,4]]}', WIDE],
    ['a large object', '{"a":1,"b":2,"c":3,"d":4}', WIDE],
    ['a long text', '"0123456789a"', LONG],
    ['a long name', '{"0123456789a":1}', LONG],
    ['a whole number beyond what a double holds', '[9007199254740992]', NUMBER],
    ['one below it', '{"a":-9007199254740993}', NUMBER],
    ['a number that is infinite for a double', '[1e400]', NUMBER],
  ])('refuses %s as too much', (_title, text, problem) => {
    expect(parseStrictJson(text, BOUNDS)).toEqual({ ok: false, problem, isBounds: true })
  })

  test.each<[string, Uint8Array | string]>([
    ['a byte that is none', Uint8Array.of(0x22, 0xff, 0x22)],
    ['a character that is cut off', Uint8Array.of(0x22, 0xc3)],
    ['an overlong spelling', Uint8Array.of(0x22, 0xc0, 0xa2, 0x22)],
    ['half of a character in bytes', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['half of a character in text', '"\uD800"'],
  ])('refuses %s, which is not UTF-8', (_title, source) => {
    const refusal = { ok: false, problem: NOT_UTF8, isBounds: false }
    expect(parseStrictJson(source, BOUNDS)).toEqual(refusal)
  })

  test.each([
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['as many braces', '{"a":'.repeat(100_000)],
    ['as many of them closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('refuses %s before they are parsed', (_title, text) => {
    expect(parseStrictJson(text, BOUNDS)).toEqual({ ok: false, problem: DEEP, isBounds: true })
  })

  test('a name that V8 reads wrongly after another one is refused, not misread', () => {
    // nodejs/node#63785: once an object had the names h and \\, an escaped name beside h is taken for that backslash.
    JSON.parse(String.raw`{"h":1,"\\":2}`)
    const read = parseStrictJson(String.raw`{"h":1,"\u0068":2}`, BOUNDS)
    expect(read.ok).toBe(false)
    expect(parseStrictJson('{"h":1,"i":2}', BOUNDS)).toEqual({ ok: true, value: { h: 1, i: 2 } })
  })
})
