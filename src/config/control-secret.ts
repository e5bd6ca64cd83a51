/**
 * The control secret, of which the host knows the SHA-256 alone.
 */

import type { Bytes } from '../crypto/base64url.ts'
import { isUnset } from './setting.ts'

const SHA256_HEX = /^[0-9a-f]{64}$/
/** What "printf %s $SECRET | sha256sum" prints while SECRET is unset. */
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** `value`: unchecked. `undefined` where it is unset, and where it is wrong, which `problems` then says. */
export function parseControlSecretDigest(value: unknown, problems: string[]): Bytes | undefined {
  if (isUnset(value)) return undefined
  const hex = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (hex === SHA256_OF_NOTHING) {
    problems.push(
      'CONTROL_SECRET_SHA256 is the SHA-256 of an empty text, so the secret was not set when it was made: make it again',
    )
    return undefined
  }
  if (SHA256_HEX.test(hex)) {
    return Uint8Array.from({ length: 32 }, (_, i) =>
      Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
    )
  }
  problems.push(
    'CONTROL_SECRET_SHA256 must be the SHA-256 of the control secret as 64 hex digits, got something else: make it with "printf %s SECRET | sha256sum"',
  )
  return undefined
}
