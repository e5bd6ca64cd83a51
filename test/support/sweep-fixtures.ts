/**
 * A ring that has forgotten keys which are still kept.
 */

import type { IssuerDocument, StoredIssuer } from '../../src/issuers/issuer-document.ts'
import type { Leftover } from '../../src/issuers/key-record.ts'
import { leftoversOf } from '../../src/issuers/leftovers.ts'
import type { FoundKey } from '../../src/signers/key-manager.ts'
import { aKey, keyRef, NOW } from './fixtures.ts'
import { aLeftover, aRotating, DAY, POLICY } from './rotation-fixtures.ts'
import { aKeyOf, rotationShell, type Shell } from './rotation-shell.ts'

export const KNOWN = aLeftover({ slot: 'slot-1', keyRef: keyRef('reference-1') })
const { kid: _kid, keyRef: _keyRef, ...unmade } = aLeftover({ slot: 'slot-2' })
export const UNKNOWN: Leftover = unmade
export const SIGNS = aKey({ custody: 'kms', slot: 'slot-a', keyRef: keyRef('reference-a') })
export const TURN = NOW + DAY
export const place = ({ slot, alg, custody, forgottenAt, kid }: Leftover) =>
  kid === undefined ? { slot, alg, custody, forgottenAt } : { slot, alg, custody, forgottenAt, kid }
export const scheduled = (days: number, isNew = true, now = TURN) => ({
  outcome: 'deletion_scheduled',
  deletedAt: now + days * DAY,
  isNew,
})

export function documentWith(leftovers: readonly Leftover[]): IssuerDocument {
  const policy = { ...POLICY, custody: 'kms' as const }
  return aRotating([SIGNS], { policy }, { leftovers })
}

/** The keys of slots 1 and 2 and the one that signs are where keys are kept. */
export async function shellWith(
  stored: StoredIssuer,
  { states = {} }: { readonly states?: Readonly<Record<string, FoundKey['state']>> } = {},
): Promise<Shell> {
  const shell = await rotationShell(stored, 'kms')
  for (const name of ['a', '1', '2']) {
    const binding = { issuerId: 'prod', slot: `slot-${name}`, alg: 'RS256' as const }
    const reference = keyRef(`reference-${name}`)
    const state = states[name] ?? 'enabled'
    shell.place.set(reference, { ...(await aKeyOf()), keyRef: reference, binding, state })
  }
  shell.clock.seconds = TURN
  return shell
}

export function statesOf({ place: keys }: Shell): Record<string, string> {
  return Object.fromEntries([...keys].map(([reference, { state }]) => [reference.slice(10), state]))
}

export async function rememberedBy(shell: Shell): Promise<readonly Leftover[]> {
  const stored = await shell.stored()
  return stored === undefined ? [] : leftoversOf(stored)
}

export const ALL_THERE = { a: 'enabled', 1: 'enabled', 2: 'enabled' }
