import { expect, test } from 'vitest'
import { copyWeight } from '../../../src/reading/copy-weight.ts'

test.each<[text: string, pieces: number]>([
  ['', 0],
  ['{"entries":[]}', 1],
  ['claims.sub', 3],
  ['a_1 == "b"', 4],
  ['1+1+1', 5],
  ['["a","b"]', 2],
  ['é', 1],
])('of a policy each word and operator counts: %s', (text, pieces) => {
  expect(copyWeight('', text)).toBe(pieces * 256)
})

test('a long name weighs as much as a short one', () => {
  expect(copyWeight('', 'a'.repeat(1000))).toBe(copyWeight('', 'a'))
})

test('of an issuer each character counts', () => {
  expect(copyWeight('x'.repeat(100), undefined)).toBe(400)
})
