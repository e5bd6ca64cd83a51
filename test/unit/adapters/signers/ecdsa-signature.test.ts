import { Buffer } from 'node:buffer'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joseSignatureOfDer } from '../../../../src/adapters/signers/kms/ecdsa-signature.ts'
import type { Bytes } from '../../../../src/crypto/base64url.ts'

const SIZE = 32
const SIGNATURES = 1000
const ONE = '020101'

function bytesOf(hex: string): Bytes {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

function joined(hex: string): string {
  return Buffer.from(joseSignatureOfDer(bytesOf(hex), SIZE)).toString('hex')
}

/** A number of 32 bytes, from its last digits. */
function number(digits: string): string {
  return digits.padStart(2 * SIZE, '0')
}

/** DER of a value whose length needs one byte. */
function der(tag: string, content: string): string {
  return `${tag}${(content.length / 2).toString(16).padStart(2, '0')}${content}`
}

function sequence(...values: readonly string[]): string {
  return der('30', values.join(''))
}

/** The shortest INTEGER of a positive number, by its digits. */
function integer(digits: string): string {
  const hex = BigInt(`0x${digits}`).toString(16)
  const even = hex.padStart(hex.length + (hex.length % 2), '0')
  return der('02', /^[89a-f]/.test(even) ? `00${even}` : even)
}

describe('a signature', () => {
  const full = 'ff'.repeat(SIZE)

  test.each<[string, string, string, string]>([
    ['of the least numbers', ONE, ONE, number('01') + number('01')],
    ['of the greatest numbers', integer(full), integer(full), full + full],
    ['with a short r', '02020080', integer(full), number('80') + full],
    ['with a short s', integer(full), '0202017f', full + number('017f')],
    [
      'with the highest bit of a full number unset',
      integer(`7f${'00'.repeat(31)}`),
      ONE,
      `7f${'00'.repeat(31)}${number('01')}`,
    ],
  ])('%s is joined at its fixed size', (_, r, s, expected) => {
    expect(joined(sequence(r, s))).toBe(expected)
  })

  test('of any two numbers is these two numbers', () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: SIZE })
      .filter((bytes) => bytes.some((byte) => byte > 0))
      .map((bytes) => Buffer.from(bytes).toString('hex'))
    fc.assert(
      fc.property(digits, digits, (r, s) => {
        expect(joined(sequence(integer(r), integer(s)))).toBe(number(r) + number(s))
      }),
    )
  })

  test('that was made elsewhere verifies in the form of JWS, short numbers among them', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const lengths = new Set<number>()
    const unverified: string[] = []
    for (let count = 1; count <= SIGNATURES; count += 1) {
      const message = Buffer.from(`message ${count}`)
      const made = sign('sha256', message, { key: privateKey, dsaEncoding: 'der' })
      lengths.add(made.length)
      const signature = joseSignatureOfDer(new Uint8Array(made), SIZE)
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
      if (!verify('sha256', message, key, signature)) unverified.push(made.toString('hex'))
    }
    expect(unverified).toEqual([])
    // Two numbers of 32 bytes, each with a zero before it or not, and at times shorter ones.
    expect([...lengths]).toEqual(expect.arrayContaining([70, 71, 72]))
  })
})

describe('what is no signature', () => {
  const good = sequence(integer('81'), ONE)

  test.each<[string, string]>([
    ['nothing', ''],
    ['one byte', '30'],
    ['an empty sequence', '3000'],
    ['one number alone', sequence(ONE)],
    ['three numbers', sequence(ONE, ONE, ONE)],
    ['something behind the sequence', `${good}00`],
    ['something behind the numbers', sequence(ONE, ONE, '00')],
    [
      'a sequence that claims to be longer',
      `30${(good.length / 2).toString(16).padStart(2, '0')}${good.slice(4)}`,
    ],
    ['a sequence that claims to be shorter', `3006${good.slice(4)}`],
    ['a number that is longer than its sequence', sequence(ONE, '02020181').slice(0, -2)],
    ['a number that claims to reach behind the end', sequence(ONE, '020201')],
    ['another tag than a sequence', der('31', ONE + ONE)],
    ['another tag than a first number', sequence('030101', ONE)],
    ['another tag than a second number', sequence(ONE, '040101')],
    ['a length in two bytes', `308106${ONE}${ONE}`],
    ['a length without end', `3080${ONE}${ONE}0000`],
    ['a first number without bytes', sequence('0200', ONE)],
    ['a second number without bytes', sequence(ONE, '0200')],
    ['zero as the first number', sequence('020100', ONE)],
    ['zero as the second number', sequence(ONE, '020100')],
    ['a negative first number', sequence('020180', ONE)],
    ['a negative second number', sequence(ONE, '0201ff')],
    ['a zero before a number that needs none', sequence('0202007f', ONE)],
    ['two zeros before a number', sequence(ONE, '0203000080')],
    ['a first number of 33 bytes', sequence(der('02', `01${'00'.repeat(SIZE)}`), ONE)],
    [
      'a second number of 33 bytes and a zero',
      sequence(ONE, der('02', `00${'ff'.repeat(SIZE + 1)}`)),
    ],
    ['the form that JWS has', '11'.repeat(2 * SIZE)],
  ])('is refused: %s', (_, hex) => {
    expect(() => joined(hex)).toThrow(new TypeError('not an ECDSA signature in DER of this size'))
  })

  const changed = fc.tuple(fc.nat({ max: 71 }), fc.nat({ max: 255 })).map(([at, byte]) => {
    const signature = bytesOf(sequence(integer('c1'.repeat(SIZE)), integer('d2'.repeat(SIZE))))
    signature[at] = byte
    return Buffer.from(signature).toString('hex')
  })
  const any = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('hex'))

  test('is refused, or there would be two ways to write one signature', () => {
    fc.assert(
      fc.property(fc.oneof(changed, any), (given) => {
        expect(rewritten(given) ?? given).toBe(given)
      }),
      { numRuns: 1000 },
    )
  })
})

/** What is read of a signature, written anew; `undefined` where it is refused. */
function rewritten(given: string): string | undefined {
  try {
    const read = joined(given)
    return sequence(integer(read.slice(0, 2 * SIZE)), integer(read.slice(2 * SIZE)))
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
