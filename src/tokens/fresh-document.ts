/**
 * Minting while keys are disabled: a document may be older than what was done to its keys.
 */

import { Fault } from '../errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { Outcome } from '../refusal.ts'

/**
 * What `mint` makes of the document that `load` reads; where its key was disabled in the meantime, what it makes of the
 * document read once more. Rejects like both; with fault `key_disabled` when the newer document has no other key.
 */
export async function withFreshDocument<T>(
  load: () => Promise<Outcome<IssuerDocument>>,
  mint: (document: IssuerDocument) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const found = await load()
  if (!found.ok) return found
  try {
    return await mint(found.value)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'key_disabled') throw error
    const again = await load()
    return again.ok ? mint(again.value) : again
  }
}
