/**
 * Brings the keys of a ring under the present protection: after the installation's secrets were exchanged, say.
 *
 * Writes nothing. Whoever loaded the document writes it, under its condition.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
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
