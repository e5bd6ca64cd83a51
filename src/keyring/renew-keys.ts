/**
 * Brings the keys of a ring under the present protection: after the installation's secrets were exchanged, say.
 *
 * Writes nothing. Whoever loaded the document writes it, under its condition.
 */

import { Fault } from '../errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
import type { Log } from '../log.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import { keyStatus } from './key-status.ts'

/** Rejects with fault `key_unavailable` when a key that may sign cannot be opened to renew it. */
export async function renewKeys(
  document: IssuerDocument,
  managers: KeyManagers,
  now: number,
): Promise<IssuerDocument> {
  const keys = await Promise.all(
    document.ring.keys.map(async (key) =>
      maySign(document, key, now) ? renewKey(document, key, managers) : key,
    ),
  )
  return { ...document, ring: { ...document.ring, keys } }
}

/**
 * As `renewKeys`, for runs that come often and that nobody watches: nothing is opened that is up to date, and a key that does
 * not open stays as it is, which must not end its rotation.
 */
export async function withRenewedKeys(
  document: IssuerDocument,
  managers: KeyManagers,
  log: Log,
  now: number,
): Promise<IssuerDocument> {
  const keys = await Promise.all(
    document.ring.keys.map(async (key) => {
      if (!maySign(document, key, now)) return key
      try {
        const isOutdated = await managers.of(key.custody).isOutdated?.(key.keyRef)
        return isOutdated ? await renewKey(document, key, managers) : key
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        const { code, message: problem } = error
        log('error', 'key_not_renewed', { issuer: document.id, kid: key.kid, code, problem })
        return key
      }
    }),
  )
  const isSame = keys.every((key, index) => key === document.ring.keys[index])
  return isSame ? document : { ...document, ring: { ...document.ring, keys } }
}

/** The keys of `after` that are protected otherwise than in `before`. */
export function renewedKids(before: IssuerDocument, after: IssuerDocument): string[] {
  const references = new Map(before.ring.keys.map(({ kid, keyRef }) => [kid, keyRef]))
  const isRenewed = ({ kid, keyRef }: KeyRecord): boolean =>
    references.has(kid) && references.get(kid) !== keyRef
  return after.ring.keys.filter(isRenewed).map(({ kid }) => kid)
}

/** A key that never signs again is not opened: its secret may be gone, which must not stop a change. */
function maySign({ ring }: IssuerDocument, key: KeyRecord, now: number): boolean {
  const status = keyStatus(ring.keys, key, 0, now)
  return status === 'pending' || status === 'active'
}

async function renewKey(
  document: IssuerDocument,
  key: KeyRecord,
  managers: KeyManagers,
): Promise<KeyRecord> {
  const keyRef = await managers.of(key.custody).renew(key.keyRef, {
    issuerId: document.id,
    slot: key.slot,
    alg: key.alg,
  })
  return keyRef === undefined ? key : { ...key, keyRef }
}
