import { describe, expect, test } from 'vitest'
import { parseSubjectToken } from '../../../src/subject-tokens/compact-token.ts'
import { NOW } from '../../support/fixtures.ts'
import { base64Url } from '../../support/subject-tokens.ts'
import {
  HEADER,
  HEADER_TEXT,
  KEY,
  refusalOf,
  respelled,
  SAID,
  SIGNATURE,
  withClaims,
} from './reading.ts'

const LARGE = 'claims_refused'
const CLAIM_ROWS: readonly (readonly [title: string, token: string, detail: string])[] = [
  ...(['iss', 'sub'] as const).flatMap((name) =>
    (
      [
        ['absent', undefined],
        ['empty', ''],
        ['a number', 7],
        ['a list', ['https://cluster.example.net']],
        ['null', null],
        ['too long', 'x'.repeat(name === 'iss' ? 256 : 601)],
        ['with a newline', 'a\nb'],
        ['with a NUL', 'a\0'],
        ['with a change of direction', 'a\u202Eb'],
      ] as const
    ).map(
      ([title, value]) =>
        [`${name} ${title}`, withClaims({ [name]: value }), `claim ${name}`] as const,
    ),
  ),
  ...(['exp', 'iat', 'nbf'] as const).flatMap((name) =>
    (
      [
        ['a text', String(NOW)],
        ['negative', -1],
        ['null', null],
        ['a list', [NOW]],
        ['true', true],
        ...(name === 'nbf' ? [] : [['absent', undefined] as const]),
      ] as const
    ).map(
      ([title, value]) =>
        [`${name} ${title}`, withClaims({ [name]: value }), `claim ${name}`] as const,
    ),
  ),
  ['jti a number', withClaims({ jti: 7 }), 'claim jti'],
  ['jti null', withClaims({ jti: null }), 'claim jti'],
  ['exp infinite', respelled('claims', `"exp":${NOW + 3600}`, '"exp":1e400'), '±(2^53 − 1)'],
  ['a number beyond 2^53', withClaims({ id: 2 ** 53 }), '±(2^53 − 1)'],
  ['a list of 101', withClaims({ groups: Array.from({ length: 101 }, () => 1) }), 'more than 100'],
  [
    'an object of 101',
    withClaims({ x: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 1])) }),
    'more than 100',
  ],
  ['a text of 4097 characters', withClaims({ x: 'x'.repeat(4097) }), 'more than 4096'],
  [
    'claims that are deep',
    withClaims({ x: JSON.parse('['.repeat(8) + ']'.repeat(8)) as unknown }),
    'deeper than 8',
  ],
  ['claims that are bottomless', KEY.signText(HEADER_TEXT, '['.repeat(10_000)), 'deeper than 8'],
]

describe('claims are refused', () => {
  test.each(CLAIM_ROWS)('with %s', (_title, token, detail) => {
    const refusal = refusalOf(token)
    expect(refusal.reason).toBe(LARGE)
    expect(refusal.detail).toContain(detail)
  })

  test('just not with the largest ones', () => {
    const largest = {
      list: Array.from({ length: 100 }, () => 1),
      object: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a${index}`, 1])),
      text: 'x'.repeat(4096),
      deep: JSON.parse('['.repeat(7) + ']'.repeat(7)) as unknown,
    }
    expect(parseSubjectToken(withClaims(largest)).ok).toBe(true)
  })

  test('and what is there of them is told, as far as it is text', () => {
    const { subject: _subject, ...said } = SAID
    expect(refusalOf(withClaims({ sub: 7 })).claimed).toEqual(said)
    expect(refusalOf(withClaims({ iss: ['a'], exp: 'never', jti: {} })).claimed).toEqual({
      subject: SAID.subject,
      kid: 'key-1',
    })
    expect(refusalOf(KEY.signText(HEADER_TEXT, '[]')).claimed).toEqual({ kid: 'key-1' })
  })

  test('without a word of what they say', () => {
    const marked = 'MARKED-SECRET'
    const rows = [
      withClaims({ iss: `\n${marked}` }),
      withClaims({ exp: marked }),
      withClaims({ [marked]: '\uD800' }),
      KEY.signText(HEADER_TEXT, `{"${marked}":`),
      KEY.signText(HEADER_TEXT, `{"${marked}":1,"${marked}":2}`),
      `${HEADER}.${marked}*.${SIGNATURE}`,
      `${marked}.${base64Url(marked)}`,
    ]
    for (const token of rows) expect(refusalOf(token).detail).not.toContain(marked)
  })
})
