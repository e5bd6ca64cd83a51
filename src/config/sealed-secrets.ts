/**
 * The secrets that seal private keys. Of a secret a problem says the length only.
 */

import { type Bytes, decodeBase64Url } from '../crypto/base64url.ts'
import { isUnset } from './setting.ts'

export interface SealedSecrets {
  readonly current: Bytes
  /** Opens what was sealed before the secrets were exchanged. */
  readonly previous?: Bytes
}

/** Unchecked settings, by name. */
export interface SealedSettings {
  readonly SEALED_SECRET?: unknown
  readonly SEALED_SECRET_PREVIOUS?: unknown
}

const SECRET_BYTES_MIN = 32

/** `undefined` where they are wrong; `problems` then has more. */
export function parseSealedSecrets(
  settings: SealedSettings,
  problems: string[],
): SealedSecrets | undefined {
  const current = parseSecret('SEALED_SECRET', settings.SEALED_SECRET, problems)
  const previous = isUnset(settings.SEALED_SECRET_PREVIOUS)
    ? undefined
    : parseSecret('SEALED_SECRET_PREVIOUS', settings.SEALED_SECRET_PREVIOUS, problems)
  if (current === undefined) return undefined
  return previous === undefined ? { current } : { current, previous }
}

function parseSecret(name: string, value: unknown, problems: string[]): Bytes | undefined {
  const bytes = typeof value === 'string' ? decodeSecret(value) : undefined
  if (bytes !== undefined && bytes.length >= SECRET_BYTES_MIN) return bytes
  const given = isUnset(value) ? 'nothing' : bytes ? `${bytes.length} bytes` : 'something else'
  problems.push(
    `${name} must be at least ${SECRET_BYTES_MIN} random bytes in base64, got ${given}: make it with "openssl rand -base64 32"`,
  )
  return undefined
}

/** Takes both alphabets of base64, with and without padding. */
function decodeSecret(text: string): Bytes | undefined {
  const plain = text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  if (!/^[\w-]+$/.test(plain)) return undefined
  try {
    return decodeBase64Url(plain)
  } catch {
    return undefined
  }
}
