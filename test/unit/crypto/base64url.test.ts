import { describe, expect, test } from 'vitest'
import {
  decodeBase64Url,
  encodeBase64Url,
  encodeTextBase64Url,
  randomBase64Url,
  utf8,
} from '../../../src/crypto/base64url.ts'

describe('base64url', () => {
  test.each([
    ['nothing', '', ''],
    ['one byte', '66', 'Zg'],
    ['two bytes', '666f', 'Zm8'],
    ['three bytes', '666f6f', 'Zm9v'],
    ['both letters of its own alphabet', 'fbefff', '--__'],
    ['the example of RFC 7515, appendix C', '03ecffe0c1', 'A-z_4ME'],
  ])('of %s', (_title, hex, text) => {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    expect(encodeBase64Url(bytes)).toBe(text)
    expect(decodeBase64Url(text)).toEqual(bytes)
  })

  test.each([
    ['refuses the letters of base64', '++//'],
    ['refuses another character', 'Zm9*'],
    ['refuses a length that no bytes have', 'Z'],
    ['refuses padding', 'Zg=='],
    ['refuses half the padding', 'Zg='],
    ['refuses a space inside', 'Zm 9v'],
    ['refuses a line end behind', 'Zm9v\n'],
    ['refuses trailing bits that are set', 'Zh'],
    ['refuses two trailing bits that are set', 'Zm9'],
  ])('%s', (_title, text) => {
    expect(() => decodeBase64Url(text)).toThrow(TypeError)
  })
})

describe('random text', () => {
  test.each([
    [9, 12],
    [16, 22],
    [32, 43],
  ])('of %i bytes has %i characters', (bytes, characters) => {
    expect(randomBase64Url(bytes)).toMatch(new RegExp(`^[\\w-]{${characters}}$`))
  })

  test('is not given twice', () => {
    const texts = Array.from({ length: 1000 }, () => randomBase64Url(16))
    expect(new Set(texts).size).toBe(1000)
  })
})

test('text is bytes in UTF-8', () => {
  expect(utf8('ä€')).toEqual(Uint8Array.of(0xc3, 0xa4, 0xe2, 0x82, 0xac))
})

test.each([
  ['nothing', ''],
  ['one character', 'a'],
  ['two', 'ab'],
  ['three', 'abc'],
  ['what base64 writes with + and /', '{"a":"~~~???>>>"}'],
  ['control characters', '\u0000\u007f'],
  ['characters of one byte in Latin-1 and two in UTF-8', 'größe'],
  ['characters beyond', '鍵🔑'],
])('encodes a text of %s as its UTF-8', (_title, text) => {
  expect(encodeTextBase64Url(text)).toBe(Buffer.from(text, 'utf8').toString('base64url'))
})
