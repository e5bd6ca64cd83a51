import { expect, test } from 'vitest'
import { failureReason } from '../../src/failure-reason.ts'

function failure(name: string, cause?: unknown): Error {
  return Object.assign(new Error('marked message', { cause }), { name })
}

function withCode(code: unknown): Error {
  return Object.assign(new Error('marked message'), { code })
}

test.each([
  ['a code of the system', failure('TypeError', withCode('ECONNREFUSED')), 'ECONNREFUSED'],
  ['a code of TLS', failure('TypeError', withCode('CERT_HAS_EXPIRED')), 'CERT_HAS_EXPIRED'],
  ['a code that is a sentence', failure('TypeError', withCode('marked code')), 'TypeError'],
  ['a code that is a number', failure('TypeError', withCode(7)), 'TypeError'],
  ['a cause without a code', failure('TypeError', new Error('marked')), 'TypeError'],
  ['a cause that is no error', failure('TypeError', { code: 'ECONNREFUSED' }), 'TypeError'],
  ['a name alone', failure('AbortError'), 'AbortError'],
  ['a name that is a sentence', failure('marked name'), 'Error'],
  ['a time that passed', failure('TimeoutError'), 'it took too long'],
  ['no error', 'marked', 'unknown reason'],
])('%s', (_title, cause, reason) => {
  expect(failureReason(cause)).toBe(reason)
})
