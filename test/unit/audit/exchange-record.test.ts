import { expect, test } from 'vitest'
import { exchangeRecord } from '../../../src/audit/exchange-record.ts'

const HEAD = { requestId: 'request', issuer: 'prod', durationMs: 1.5 }
const ARN = 'arn:aws:iam::123456789012:role/x'

test.each([
  'subjectIssuer',
  'subject',
  'subjectJti',
  'subjectKid',
  'audience',
  'issuedSubject',
  'detail',
] as const)('%s is as others wrote it, so it goes through the sieve', (name) => {
  const record = exchangeRecord(HEAD, { [name]: `${ARN} \u001b[2J` })
  expect(record).toStrictEqual({
    requestId: 'request',
    issuer: 'prod',
    [name]: String.raw`an ARN (role/x) \u{1b}[2J`,
    durationMs: 1.5,
  })
})

test('what is not known is left out, what is false or empty is not', () => {
  const facts = { subjectVerified: false, subject: '', entry: undefined, expiresAt: 0 }
  expect(exchangeRecord(HEAD, facts)).toStrictEqual({
    requestId: 'request',
    issuer: 'prod',
    subject: '',
    subjectVerified: false,
    expiresAt: 0,
    durationMs: 1.5,
  })
})
