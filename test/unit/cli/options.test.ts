import { expect, test } from 'vitest'
import { once } from '../../../src/cli/options.ts'

test('an option that may be given once is parsed, and refused the second time', () => {
  const parse = once('--ttl', Number)
  expect(parse('0', undefined)).toBe(0)
  expect(() => parse('1', 0)).toThrow('--ttl must be given once, got it twice: leave one out')
})
