/**
 * After an issuer was written: has its static copies follow, by whoever keeps them.
 *
 * The next rotation does it anyway, so what is late is late by a quarter of an hour. A deletion cannot wait for that: whoever
 * deletes an issuer must know whether copies of it are left. Those in memory and in caches have their time, which ends.
 */

import { Fault } from '../errors.ts'
import { type Refusal } from '../refusal.ts'
import type { OperationDeps } from './control-deps.ts'

type CopiesDeps = Pick<OperationDeps, 'rotation' | 'hasStaticCopies' | 'log'>

/** What fails is logged: the change itself is written. */
export async function copiesFollow(deps: CopiesDeps, id: string): Promise<void> {
  const failure = await publicationFailure(deps, id)
  if (failure === undefined) return
  const { code, message } = failure
  deps.log('warn', 'static_copies_late', { issuer: id, code, problem: message })
}

/** `id`: of a deleted issuer. Resolves to what an operator is told where copies of it may be left. */
export async function copiesLeft(deps: CopiesDeps, id: string): Promise<Refusal | undefined> {
  const failure = await publicationFailure(deps, id)
  if (failure === undefined) return undefined
  const { code, message } = failure
  deps.log('error', 'static_copies_left', { issuer: id, code, problem: message })
  return {
    reason: 'static_copies_left',
    message: `issuer ${id} is deleted, but its static copies are not (${code}): repeat the deletion, or wait for the next rotation`,
  }
}

async function publicationFailure(
  { rotation, hasStaticCopies = false }: CopiesDeps,
  id: string,
): Promise<Fault | undefined> {
  if (!hasStaticCopies) return undefined
  try {
    await rotation.publish(id)
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
