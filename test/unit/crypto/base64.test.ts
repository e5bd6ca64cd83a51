import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from '../../../src/crypto/base64.ts'

test.each([0, 1, 2, 3, 4, 255, 256, 4096])('%i bytes read as Node reads them', (byteCount) => {
  const bytes = Uint8Array.from({ length: byteCount }, (_, index) => (index * 251) % 256)
  const text = Buffer.from(bytes).toString('base64')
  expect(encodeBase64(bytes)).toBe(text)
  expect(decodeBase64(text)).toEqual(bytes)
})

test.each([
  ['no padding', 'AQ'],
  ['half of its padding', 'AQ='],
  ['more padding', 'AQI=='],
  ['padding alone', '='],
  ['padding within', 'AQ==AQ=='],
  ['bits that are not used', 'AR=='],
  ['the other alphabet', '-_-_'],
  ['a space', 'AQ ID'],
  ['a line end', 'AQID\n'],
  ['other letters', 'AQé='],
])('refuses %s', (_, text) => {
  expect(() => decodeBase64(text)).toThrow(TypeError)
})
