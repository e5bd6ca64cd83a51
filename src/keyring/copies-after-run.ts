/**
 * The static copies after a run: they follow whatever the run ended with, also where it failed, so that what is due to leave
 * the public documents leaves the copies too.
 */

import { Fault, type FaultCode } from '../errors.ts'
import type { StoredIssuer } from '../issuers/issuer-document.ts'
import type { RotationDeps } from './rotation-deps.ts'

type CopiesDeps = Pick<RotationDeps, 'copies' | 'issuers' | 'log'>

/** After these the document cannot be read either. */
const UNREADABLE: readonly FaultCode[] = ['storage_unavailable', 'document_corrupt']

/** Of the issuer as it is stored now, each of them. */
export async function publishCopies({ copies, issuers }: CopiesDeps, id: string): Promise<void> {
  if (copies === undefined) return
  const loaded = await issuers.load(id)
  if (loaded !== undefined) await copies.check(loaded.stored)
}

/** After a run that has done its step. Rejects with the fault, which the log has heard of. */
export async function copiesFollow(deps: CopiesDeps, stored: StoredIssuer): Promise<void> {
  await heard(deps, stored.id, async () => deps.copies?.update(stored))
}

/** After a sweep, so once a day. Rejects with the fault, which the log has heard of. */
export async function copiesChecked(deps: CopiesDeps, id: string): Promise<void> {
  await heard(deps, id, () => publishCopies(deps, id))
}

/** After a run that has failed. What becomes of the copies is for the log: the run has a failure already. */
export async function copiesFollowFailure(
  deps: CopiesDeps,
  id: string,
  failure: unknown,
): Promise<void> {
  if (failure instanceof Fault && UNREADABLE.includes(failure.code)) return
  try {
    await copiesChecked(deps, id)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}

async function heard(
  { log }: CopiesDeps,
  issuer: string,
  update: () => Promise<void>,
): Promise<void> {
  try {
    await update()
  } catch (error) {
    if (error instanceof Fault) {
      log('error', 'static_copies_failed', { issuer, code: error.code, problem: error.message })
    }
    throw error
  }
}
