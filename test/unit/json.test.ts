import { describe, expect, test } from 'vitest'
import { isJsonObject, parseJson } from '../../src/json.ts'

describe('JSON from elsewhere', () => {
  test.each<[string, string, unknown]>([
    ['an object', '{"a":[1]}', { a: [1] }],
    ['null', 'null', null],
    ['what is cut', '{"a":', undefined],
    ['nothing', '', undefined],
  ])('of %s is parsed, or is undefined', (_title, text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  test.each<[string, unknown, boolean]>([
    ['an object', {}, true],
    ['a list', [], false],
    ['null', null, false],
    ['text', 'x', false],
    ['nothing', undefined, false],
  ])('is an object or not: %s', (_title, value, expected) => {
    expect(isJsonObject(value)).toBe(expected)
  })
})
