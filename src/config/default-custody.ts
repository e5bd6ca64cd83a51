/**
 * Which custody a new issuer gets that asks for none.
 */

import type { KeyCustody } from '../signers/key-manager.ts'
import { shown } from '../printable.ts'
import { isUnset } from './setting.ts'

/** `configured`: what the host has, in the order in which it is preferred. `value`: unchecked. */
export function parseDefaultCustody(
  value: unknown,
  configured: readonly KeyCustody[],
  problems: string[],
): KeyCustody | undefined {
  if (isUnset(value)) return configured[0]
  const found = configured.find((custody) => custody === value)
  if (found !== undefined || configured.length === 0) return found
  problems.push(
    `DEFAULT_CUSTODY must be one that is configured here (${configured.join(', ')}), got ${shown(value)}: choose one of these, or leave it out`,
  )
  return undefined
}
