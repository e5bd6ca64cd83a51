/**
 * Why a request came to nothing, as a message may say it: never in the words of whoever failed.
 */

import { errorName } from './errors.ts'

/** As the codes of systems are (`ECONNREFUSED`, `CERT_HAS_EXPIRED`): nothing that could tell more. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,63}$/

/** `cause`: what `fetch` threw. */
export function failureReason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown reason'
  if (cause.name === 'TimeoutError') return 'it took too long'
  const inner = cause.cause
  const code = inner instanceof Error && 'code' in inner ? inner.code : undefined
  return typeof code === 'string' && ERROR_CODE.test(code) ? code : errorName(cause)
}
