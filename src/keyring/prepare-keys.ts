/**
 * The first key of an issuer, made before its document is written: where a key that is never written leaves nothing behind.
 */

import { newSlot } from './new-slot.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { isKeptElsewhere } from '../signers/kept-elsewhere.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import { withNewKey } from './changed-ring.ts'

/** Whether the issuer has no key of its own although it should: nothing signs, and nothing will. */
export function lacksFirstKey({ policy, ring }: IssuerDocument): boolean {
  return policy.custody !== 'none' && ring.keys.length === 0
}

/** `document`: at the revision that is about to be written. Rejects with the faults of keys. */
export async function prepareKeys(
  { keyManagers }: { readonly keyManagers: KeyManagers },
  document: IssuerDocument,
  now: number,
): Promise<IssuerDocument> {
  const { custody, algorithm: alg } = document.policy
  if (custody === 'none' || !lacksFirstKey(document) || isKeptElsewhere(custody)) return document
  const slot = newSlot()
  const created = await keyManagers.of(custody).create({ issuerId: document.id, slot, alg })
  return withNewKey(document, { slot, alg, custody }, created, now)
}
