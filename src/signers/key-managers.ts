/**
 * The key managers of a host, by custody: which one a key or a new issuer gets.
 */

import { Fault } from '../errors.ts'
import type { Custody, KeyBinding, KeyCustody, KeyManager, KeyRef, Signer } from './key-manager.ts'

/** The way to a key that is in a ring. */
export interface CustodyOfKey extends KeyBinding {
  readonly custody: KeyCustody
  readonly keyRef: KeyRef
}

export interface KeyManagers {
  /** What issuers of this host may choose; the first is the default. */
  readonly custodies: readonly [KeyCustody, ...Custody[]]
  /** Rejects with fault `key_unavailable` where the host has no manager of this custody. */
  of(custody: KeyCustody): KeyManager
}

/** The first one is the default. */
export function keyManagers(first: KeyManager, ...others: readonly KeyManager[]): KeyManagers {
  const all = [first, ...others]
  return {
    custodies: [first.custody, ...others.map(({ custody }) => custody), 'none'],
    of: (custody) => {
      const found = all.find((manager) => manager.custody === custody)
      if (found !== undefined) return found
      throw new Fault(
        'key_unavailable',
        `keys of custody ${custody} cannot be used here: this host is configured for ${all.map((manager) => manager.custody).join(', ')}`,
        { hadNoEffect: true },
      )
    },
  }
}

/** `all`: at least one, of which that of `custody` is the default. */
export function keyManagersWithDefault(
  all: readonly KeyManager[],
  custody: KeyCustody,
): KeyManagers {
  const first = all.find((manager) => manager.custody === custody)
  if (first === undefined) throw new TypeError(`there is no key manager of custody ${custody}`)
  return keyManagers(first, ...all.filter((manager) => manager !== first))
}

/** Rejects like `KeyManager.open`. */
export async function openKey(
  managers: KeyManagers,
  { custody, keyRef, ...binding }: CustodyOfKey,
): Promise<Signer> {
  return managers.of(custody).open(keyRef, binding)
}
