import { describe, expect, test } from 'vitest'
import { offsetInSource } from '../../../src/cli/policy/scalar-place.ts'

describe('white space in a value is where the word before it ends', () => {
  test.each([
    [{ style: 'PLAIN', source: 'a  b', value: 'a  b' }, 2, 1],
    [{ style: 'PLAIN', source: 'a\n\n   b', value: 'a\nb' }, 1, 1],
    [{ style: 'QUOTE_SINGLE', source: `'''  b'`, value: `'  b` }, 1, 3],
    [{ style: 'QUOTE_DOUBLE', source: String.raw`"\x61\t b"`, value: 'a\t b' }, 2, 5],
    [{ style: 'BLOCK_FOLDED', source: '>-\n   a\n   b', value: 'a b' }, 1, 7],
    [{ style: 'BLOCK_LITERAL', source: '|\n  \n  b', value: '\nb' }, 0, 2],
  ] as const)('%o', (scalar, offset, place) => {
    expect(offsetInSource(scalar, offset)).toBe(place)
  })

  test('and so is its end', () => {
    expect(offsetInSource({ value: 'a', style: 'QUOTE_DOUBLE', source: '"a"' }, 1)).toBe(2)
    expect(offsetInSource({ value: '', style: 'QUOTE_DOUBLE', source: '""' }, 0)).toBe(1)
  })
})
