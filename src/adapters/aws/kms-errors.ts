/**
 * From what AWS KMS or the way to it answered to a `KmsError`: names alone, never a message.
 */

import { isErrorName } from '../../errors.ts'
import { KmsError, type KmsErrorCode } from './kms-api.ts'

/** What stands in errors of a connection goes into a message only when it looks like a code. */
const NETWORK_CODE = /^[A-Z][A-Z0-9_]{1,39}$/

const THROTTLED_STATUS = 429
const SERVER_ERROR_STATUS_MIN = 500
const CLIENT_ERROR_STATUS_MIN = 400
const UNAUTHENTICATED_STATUSES: readonly number[] = [401, 403]

/** KMS API reference, "Common Errors" and those of each call. Names come with and without `Exception` at their end. */
const CODES: ReadonlyMap<string, KmsErrorCode> = new Map([
  ['Throttling', 'throttled'],
  ['TooManyRequests', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['KMSInternal', 'unavailable'],
  ['InternalFailure', 'unavailable'],
  ['ServiceUnavailable', 'unavailable'],
  ['DependencyTimeout', 'unavailable'],
  ['KeyUnavailable', 'unavailable'],
  ['AccessDenied', 'denied'],
  ['UnrecognizedClient', 'denied'],
  ['InvalidClientTokenId', 'denied'],
  ['InvalidSignature', 'denied'],
  ['IncompleteSignature', 'denied'],
  ['MissingAuthenticationToken', 'denied'],
  ['ExpiredToken', 'denied'],
  ['RequestExpired', 'denied'],
  ['NotAuthorized', 'denied'],
  ['OptInRequired', 'denied'],
  ['Disabled', 'disabled'],
  ['KMSInvalidState', 'disabled'],
  ['NotFound', 'not_found'],
  ['InvalidCiphertext', 'invalid_ciphertext'],
  ['IncorrectKey', 'invalid_ciphertext'],
])

/** `type`: how the service calls its error, with the namespace before it or the address behind it that some have. */
export function answeredError(type: unknown, status: number): KmsError {
  const [name = ''] = typeof type === 'string' ? (type.split('#').at(-1) ?? '').split(':') : []
  if (!isErrorName(name)) return new KmsError(codeOfStatus(status), `status ${status}`)
  const code = CODES.get(name.replace(/Exception$/, '')) ?? codeOfStatus(status)
  return new KmsError(code, name)
}

/** An answer that says it worked and does not hold what it has to. */
export function unreadableAnswer(): KmsError {
  return new KmsError('unavailable', 'UnreadableAnswer')
}

/** Credentials could not be found, or not be used. */
export function credentialsError(): KmsError {
  return new KmsError('denied', 'CredentialsError')
}

/** There was no answer: the connection failed, or was given up. */
export function connectionError(error: unknown, signal: AbortSignal): KmsError {
  if (signal.aborted) return new KmsError('unavailable', 'AbortError')
  const cause = error instanceof Error ? error.cause : undefined
  const code = networkCodeOf(error) ?? networkCodeOf(cause)
  return new KmsError('unavailable', code ?? 'ConnectionError')
}

function codeOfStatus(status: number): KmsErrorCode {
  if (status === THROTTLED_STATUS) return 'throttled'
  if (UNAUTHENTICATED_STATUSES.includes(status)) return 'denied'
  // KMS does not redirect: whoever does is not KMS.
  if (status >= SERVER_ERROR_STATUS_MIN || status < CLIENT_ERROR_STATUS_MIN) return 'unavailable'
  return 'rejected'
}

/** `ECONNREFUSED` and the like, which name nothing but what happened. */
function networkCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  const { code } = error
  return typeof code === 'string' && NETWORK_CODE.test(code) ? code : undefined
}
