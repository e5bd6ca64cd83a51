import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { celClaims } from '../../../src/policies/cel-value.ts'
import { parseSubjectToken } from '../../../src/subject-tokens/compact-token.ts'
import { NOW } from '../../support/fixtures.ts'
import { SUBJECT_AUDIENCE, SUBJECT_ISSUER, subjectClaims } from '../../support/subject-tokens.ts'
import {
  CLAIMS,
  CLAIMS_TEXT,
  GOOD,
  HEADER,
  HEADER_TEXT,
  KEY,
  refusalOf,
  respelled,
  SAID,
  SIGNATURE,
  withClaims,
} from './reading.ts'

describe('a subject token', () => {
  test('is read', () => {
    const parsed = parseSubjectToken(GOOD)
    expect(parsed).toEqual({
      ok: true,
      token: {
        alg: 'ES256',
        kid: 'key-1',
        typ: 'JWT',
        issuer: SUBJECT_ISSUER,
        subject: 'system:serviceaccount:payments:api',
        audience: SUBJECT_AUDIENCE,
        issuedAt: NOW,
        notBefore: NOW,
        expiresAt: NOW + 3600,
        jti: SAID.jti,
        claims: subjectClaims(),
        signed: `${HEADER}.${CLAIMS}`,
        signature: new Uint8Array(Buffer.from(SIGNATURE, 'base64url')),
      },
    })
  })

  test('may leave out what is optional', () => {
    const token = KEY.sign(subjectClaims({ nbf: undefined, jti: undefined }), { typ: undefined })
    const parsed = parseSubjectToken(token)
    expect(parsed.ok && [parsed.token.notBefore, parsed.token.jti, parsed.token.typ]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['a fraction of its last second is not its own', { exp: NOW + 9.9 }, { expiresAt: NOW + 9 }],
    ['fractions of other times are', { iat: NOW + 0.5 }, { issuedAt: NOW + 0.5 }],
    ['it may be of the beginning of time', { iat: 0, nbf: 0 }, { issuedAt: 0, notBefore: 0 }],
    ['its texts may be of any alphabet', { sub: 'Straße 😀' }, { subject: 'Straße 😀' }],
    ['its issuer may be of 255 characters', { iss: 'i'.repeat(255) }, { issuer: 'i'.repeat(255) }],
    ['its subject may be of 600', { sub: 's'.repeat(600) }, { subject: 's'.repeat(600) }],
    ['its one audience may be a text', { aud: 'a' }, { audience: 'a' }],
    ['its one audience may be a list', { aud: ['a'] }, { audience: 'a' }],
    ['no audience is none', { aud: undefined }, { audience: undefined }],
    ['an empty list is none', { aud: [] }, { audience: undefined }],
    ['two audiences are none', { aud: ['a', 'b'] }, { audience: undefined }],
    ['the same one twice is none', { aud: ['a', 'a'] }, { audience: undefined }],
    ['a number is none', { aud: 7 }, { audience: undefined }],
    ['a list of a number is none', { aud: [7] }, { audience: undefined }],
    ['a list in a list is none', { aud: [['a']] }, { audience: undefined }],
    ['an object is none', { aud: { 0: 'a', length: 1 } }, { audience: undefined }],
    ['null is none', { aud: null }, { audience: undefined }],
  ])('is read by its form: %s', (_title, changes, expected) => {
    const parsed = parseSubjectToken(withClaims(changes))
    expect(parsed).toMatchObject({ ok: true, token: expected })
  })

  test.each([
    ['at most as long as tokens are', 16_384],
    ['one character too long', 16_385],
  ])('may be %s', (_title, length) => {
    const text = 'a'.repeat(length)
    const reason = length > 16_384 ? 'subject_token_too_long' : 'subject_token_malformed'
    expect(refusalOf(text)).toMatchObject({ reason, claimed: {} })
  })
})

const SEGMENT = 'is no base64url in its one spelling'
const FORM: readonly (readonly [title: string, token: string, detail: string])[] = [
  ['nothing', '', 'got 1:'],
  ['one part', HEADER, 'got 1:'],
  ['two parts', `${HEADER}.${CLAIMS}`, 'got 2:'],
  ['four parts', `${GOOD}.`, 'got 4:'],
  ['five parts, which is a JWE', `${HEADER}.AA.AA.${CLAIMS}.AA`, 'got five'],
  ['three empty parts', '..', '"header" is no JSON'],
  ['a header that is missing', `.${CLAIMS}.${SIGNATURE}`, '"header" is no JSON'],
  ['claims that are missing', `${HEADER}..${SIGNATURE}`, '"claims" is no JSON'],
  ['a space before it', ` ${GOOD}`, `"header" ${SEGMENT}`],
  ['a newline behind it', `${GOOD}\n`, `"signature" ${SEGMENT}`],
  ['a space within it', `${HEADER}.${CLAIMS} .${SIGNATURE}`, `"claims" ${SEGMENT}`],
  ['a quote behind it', `${GOOD}"`, `"signature" ${SEGMENT}`],
  ['padding', `${GOOD}==`, `"signature" ${SEGMENT}`],
  ['characters behind it', `${GOOD}AAA`, `"signature" ${SEGMENT}`],
  ['a signature in base64', `${HEADER}.${CLAIMS}.+/+/`, `"signature" ${SEGMENT}`],
  ['a NUL', `${HEADER}\0.${CLAIMS}.${SIGNATURE}`, `"header" ${SEGMENT}`],
  ['another spelling of its signature', GOOD.slice(0, -1) + nextOf(GOOD), `"signature" ${SEGMENT}`],
  ['a header that is a list', KEY.signText('[]', CLAIMS_TEXT), '"header" is JSON but no object'],
  ['a header that is null', KEY.signText('null', CLAIMS_TEXT), '"header" is JSON but no object'],
  ['claims that are a list', KEY.signText(HEADER_TEXT, '[]'), '"claims" is JSON but no object'],
  ['claims that are a text', KEY.signText(HEADER_TEXT, '"a"'), '"claims" is JSON but no object'],
  ['claims that are a number', KEY.signText(HEADER_TEXT, '1'), '"claims" is JSON but no object'],
  ['claims that are no JSON', KEY.signText(HEADER_TEXT, '{iss:1}'), '"claims" is no JSON'],
  ['a byte order mark', KEY.signText(HEADER_TEXT, `\uFEFF${CLAIMS_TEXT}`), '"claims" is no JSON'],
  [
    'claims that are not UTF-8',
    KEY.signText(HEADER_TEXT, Buffer.from('{"iss":"\xff"}', 'latin1')),
    '"claims" is not in UTF-8',
  ],
  [
    'a header that is not UTF-8',
    KEY.signText(Buffer.from('{"alg":"\xc3"}', 'latin1'), CLAIMS_TEXT),
    '"header" is not in UTF-8',
  ],
  ['half of a character', withClaims({ x: '\uD800' }), '"claims" has half of a character'],
  ['alg twice', respelled('header', '{', '{"alg":"none",'), '"header" names a member twice'],
  [
    'kid twice, in another spelling',
    respelled('header', '{', String.raw`{"\u006bid":"key-2",`),
    '"header" names a member twice',
  ],
  ['sub twice', respelled('claims', '{', '{"sub":"admin",'), '"claims" names a member twice'],
  [
    'iss twice, in another spelling',
    respelled('claims', '{', String.raw`{"\u0069ss":"https://evil.example",`),
    '"claims" names a member twice',
  ],
  [
    'a member twice, deep down',
    respelled('claims', '{', '{"k":{"n":[{"a":1,"a":2}]},'),
    '"claims" names a member twice',
  ],
  [
    'a header that is deep',
    KEY.signText(`{"x":${'['.repeat(5000)}${']'.repeat(5000)}}`, CLAIMS_TEXT),
    '"header" is nested deeper than 8',
  ],
]

/** Another last character that differs in bits which encode nothing. */
function nextOf(token: string): string {
  return String.fromCharCode(token.charCodeAt(token.length - 1) + 1)
}

describe('a subject token is malformed', () => {
  test.each(FORM)('with %s', (_title, token, detail) => {
    const refusal = refusalOf(token)
    expect(refusal).toMatchObject({ reason: 'subject_token_malformed' })
    expect(refusal.detail).toContain(detail)
  })
})

describe('claims within each other', () => {
  const nested = (depth: number): JsonObject => (depth === 1 ? {} : { a: nested(depth - 1) })

  test('are taken as deep as expressions read them', () => {
    const parsed = parseSubjectToken(withClaims({ x: nested(7) }))
    expect(parsed).toMatchObject({ ok: true })
    expect(parsed.ok && celClaims(parsed.token.claims).ok).toBe(true)
  })

  test('are refused as claims where they are deeper', () => {
    const refusal = refusalOf(withClaims({ x: nested(8) }))
    expect(refusal).toMatchObject({ reason: 'claims_refused' })
    expect(refusal.detail).toContain('"claims" is nested deeper than 8 lists and objects')
  })
})
