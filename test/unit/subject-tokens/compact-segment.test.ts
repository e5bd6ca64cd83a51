import { describe, expect, test } from 'vitest'
import {
  asciiOrBytes,
  bytesOf,
  decodeSegment,
} from '../../../src/subject-tokens/compact-segment.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function decoded(segment: string): Buffer | undefined {
  const binary = decodeSegment(segment)
  return binary === undefined ? undefined : Buffer.from(bytesOf(binary))
}

describe('base64url', () => {
  test('is decoded, whatever the bytes and however many', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    for (const length of Array.from({ length: 256 }, (_, index) => index)) {
      const some = bytes.subarray(256 - length)
      expect(decoded(some.toString('base64url'))).toEqual(some)
    }
  })

  test('has one spelling: each other last character is refused', () => {
    for (const stem of ['A', 'AA', 'AAAAA', 'AAAAAA']) {
      for (const last of Array.from(ALPHABET)) {
        const segment = stem + last
        const canonical = Buffer.from(segment, 'base64url').toString('base64url') === segment
        expect([segment, decodeSegment(segment) !== undefined]).toEqual([segment, canonical])
      }
    }
  })

  test.each([
    ['a length that no bytes have', 'AAAAA'],
    ['one character', 'A'],
    ['padding', 'AA=='],
    ['padding of one', 'AAA='],
    ['padding alone', '===='],
    ['padding behind whole groups', 'AAAA===='],
    ['the alphabet of base64', 'AA+A'],
    ['the other one of it', 'AA/A'],
    ['a space', 'AAA A'],
    ['a space that makes the length right', 'AA A'],
    ['spaces that make a whole group more', 'AAAA    '],
    ['a newline at the end', 'AAA\n'],
    ['a tab, a form feed and a return', '\tA\fA\rAA'],
    ['a dot', 'AA.A'],
    ['a NUL', 'AAA\0'],
    ['a character beyond ASCII', 'AAAé'],
    ['one beyond bytes', 'AAAĀ'],
    ['half of one', 'AAA\uD800'],
  ])('refuses %s', (_title, segment) => {
    expect(decodeSegment(segment)).toBeUndefined()
  })
})

test('what is ASCII stays text, and all else is bytes', () => {
  expect(asciiOrBytes('\0 ~\x7f')).toBe('\0 ~\x7f')
  expect(asciiOrBytes('a\x80')).toEqual(Uint8Array.of(97, 128))
  expect(asciiOrBytes('\xff')).toEqual(Uint8Array.of(255))
})
