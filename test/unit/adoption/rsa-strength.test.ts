import { describe, expect, test } from 'vitest'
import { rsaProblem } from '../../../src/adoption/rsa-strength.ts'

const F4 = [1, 0, 1]

/** An odd modulus of so many bytes that begins with `first`. */
function modulus(bytes: number, first = 0x80): Uint8Array {
  const numbers = new Uint8Array(bytes)
  numbers[0] = first
  numbers[bytes - 1] = 1
  return numbers
}

describe('the strength of an RSA key', () => {
  test.each<[string, Uint8Array, number[]]>([
    ['2048 bits', modulus(256), F4],
    ['2049 bits', modulus(257, 1), F4],
    ['8192 bits', modulus(1024, 0xff), F4],
    ['the exponent 3', modulus(256), [3]],
    ['the largest exponent that Go takes', modulus(256), [0x7f, 0xff, 0xff, 0xff]],
  ])('is enough with %s', (_title, n, e) => {
    expect(rsaProblem(n, new Uint8Array(e))).toBeUndefined()
  })

  test.each<[string, Uint8Array, number[], string]>([
    ['refuses 16 bits', modulus(2), F4, '2048 to 8192 bits, got 16:'],
    ['refuses 2047 bits', modulus(256, 0x40), F4, '2048 to 8192 bits, got 2047:'],
    ['refuses 8193 bits', modulus(1025, 1), F4, '2048 to 8192 bits, got 8193:'],
    ['refuses a modulus behind a zero', modulus(257, 0), F4, 'without leading zero bytes'],
    ['refuses an exponent behind a zero', modulus(256), [0, 3], 'without leading zero bytes'],
    ['refuses an even modulus', modulus(256).with(255, 2), F4, 'an odd RSA modulus'],
    ['refuses an even exponent', modulus(256), [1, 0, 0], 'an odd exponent'],
    ['refuses the exponent 1', modulus(256), [1], 'an odd exponent of at least 3'],
    ['refuses the exponent 2', modulus(256), [2], 'an odd exponent of at least 3'],
    ['refuses an exponent of 32 bits', modulus(256), [0x80, 0, 0, 1], 'at most 31 bits'],
  ])('%s', (_title, n, e, sentence) => {
    expect(rsaProblem(n, new Uint8Array(e))).toContain(sentence)
  })
})
