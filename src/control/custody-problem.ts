/**
 * Whether this host can keep keys in a custody.
 */

import { shown } from '../printable.ts'
import type { Custody } from '../signers/key-manager.ts'
import type { KeyManagers } from '../signers/key-managers.ts'

export function custodyProblem({ custodies }: KeyManagers, custody: Custody): string | undefined {
  if (custodies.includes(custody)) return undefined
  return `custody must be one of ${custodies.join(', ')} on this host, got ${shown(custody)}: choose one of these, or configure the host for it`
}
