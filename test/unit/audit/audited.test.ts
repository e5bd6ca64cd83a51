import { describe, expect, test } from 'vitest'
import { audited, auditedDetail } from '../../../src/audit/audited.ts'

const ACCOUNT = '123456789012'
const JWS = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJtYXJrZWQifQ.c2lnbmF0dXJl'

test.each<[title: string, text: string, expected: string]>([
  [
    'what is harmless stays',
    'system:serviceaccount:payments:api',
    'system:serviceaccount:payments:api',
  ],
  ['nothing', '', ''],
  ['a role', `arn:aws:iam::${ACCOUNT}:role/payments`, 'an ARN (role/payments)'],
  ['a role at a path', `arn:aws:iam::${ACCOUNT}:role/a/b`, 'an ARN (role/a/b)'],
  ['a user', `arn:aws-us-gov:iam::${ACCOUNT}:user/jo`, 'an ARN (user/jo)'],
  ['an account itself', `arn:aws:iam::${ACCOUNT}:root`, 'an ARN (root)'],
  [
    'a session',
    `arn:aws:sts::${ACCOUNT}:assumed-role/ci/jo@example.com`,
    'an ARN (assumed-role/ci/jo@example.com)',
  ],
  ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/jo`, 'an ARN (federated-user/jo)'],
  ['a role in upper case', `ARN:aws:iam::${ACCOUNT}:role/x`, 'an ARN (role/x)'],
  ['a role in a text', `for arn:aws-cn:iam::${ACCOUNT}:role/x now`, 'for an ARN (role/x) now'],
  ['a role behind a colon', `role:arn:aws:iam::${ACCOUNT}:role/x`, 'role:an ARN (role/x)'],
  ['a role with an account in its name', `arn:aws:iam::${ACCOUNT}:role/x${ACCOUNT}`, 'an ARN'],
  ['a role with a written account', `arn:aws:iam::${ACCOUNT}:role/1234-5678-9012`, 'an ARN'],
  [
    'a role with a token in its name',
    `arn:aws:iam::${ACCOUNT}:role/${JWS}`,
    'an ARN (role/a token)',
  ],
  ['a role and another ARN', `arn:aws:iam::${ACCOUNT}:role/x,arn:aws:s3:::b`, 'an ARN'],
  ['a role with what steers a terminal', `arn:aws:iam::${ACCOUNT}:role/\u001b[2J`, 'an ARN'],
  ['a key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd`, 'an ARN'],
  ['a secret', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:db`, 'an ARN'],
  ['a role of no principal', `arn:aws:other::${ACCOUNT}:role/x`, 'an ARN'],
  ['what else IAM has', `arn:aws:iam::${ACCOUNT}:oidc-provider/x.example`, 'an ARN'],
  ['an account alone', `arn:aws:iam::${ACCOUNT}`, 'an ARN'],
  ['a role behind a letter', `xarn:aws:iam::${ACCOUNT}:role/x`, 'xan ARN (role/x)'],
  ['a role behind an underscore', `role_arn:aws:iam::${ACCOUNT}:role/x`, 'role_an ARN (role/x)'],
  ['an escaped role', `arn%3Aaws%3Aiam%3A%3A${ACCOUNT}%3Arole%2Fx`, 'an ARN'],
  ['a written account', 'of 1234-5678-9012.', 'of ACCOUNT.'],
  ['a token behind a letter', `z${JWS}`, 'za token'],
  ['a text far too long', 'eyJ-'.repeat(100_000), `${'eyJ-'.repeat(50)}…`],
  ['two ARNs', 'arn:aws:s3:::a arn:aws:s3:::b', 'an ARN an ARN'],
  ['an account', `of ${ACCOUNT}.`, 'of ACCOUNT.'],
  ['an account within a name', `x${ACCOUNT}y`, 'xACCOUNTy'],
  ['an account and more digits', `${ACCOUNT}0`, 'ACCOUNT'],
  ['eleven digits', '12345678901', '12345678901'],
  ['a token', `sub is ${JWS}`, 'sub is a token'],
  ['a token without its signature', JWS.slice(0, JWS.lastIndexOf('.')), 'a token'],
  ['a character that steers a terminal', 'a\u001b[2Jb', String.raw`a\u{1b}[2Jb`],
  ['a line of its own', 'a\nb', String.raw`a\u{a}b`],
  ['text that runs backwards', 'a\u202eb', String.raw`a\u{202e}b`],
  ['text as long as may be', 'é'.repeat(200), 'é'.repeat(200)],
  ['longer text', 'é'.repeat(201), `${'é'.repeat(200)}…`],
])('%s', (_title, text, expected) => {
  expect(audited(text)).toBe(expected)
})

describe('what is cut away hides nothing', () => {
  test.each([
    ['an account', `${'x'.repeat(194)}${ACCOUNT}`],
    ['an ARN', `${'x '.repeat(95)}arn:aws:iam::${ACCOUNT}:role/x`],
  ])('%s across the limit', (_what, text) => {
    expect(audited(text)).not.toMatch(/\d{6}|arn:/)
  })
})

test('a sentence of ours may be longer', () => {
  const sentence = `must have at most 16384 characters, ${'and '.repeat(50)}so on`
  expect(auditedDetail(sentence)).toBe(sentence)
  expect(auditedDetail('x'.repeat(1000))).toBe(`${'x'.repeat(500)}…`)
  expect(auditedDetail(`got arn:aws:iam::${ACCOUNT}:x`)).toBe('got an ARN')
})
