/**
 * Changing an issuer that exists: load, decide, write under the condition that nobody else wrote in between.
 */

import type { IssuerDocument, StoredIssuer } from '../issuers/issuer-document.ts'
import { issuerIdProblem } from '../issuers/issuer-id.ts'
import type { LoadedIssuer } from '../issuers/issuer-repository.ts'
import { ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import type { OperationDeps } from './control-deps.ts'

interface LiveIssuer extends LoadedIssuer {
  readonly stored: IssuerDocument
}

/** An issuer that was created, and may have been deleted. */
export async function loadStored(
  { issuers }: Pick<OperationDeps, 'issuers'>,
  id: string,
): Promise<Outcome<LoadedIssuer>> {
  const problem = issuerIdProblem(id)
  if (problem !== undefined) return refused('invalid_request', problem)
  const loaded = await issuers.load(id)
  if (loaded !== undefined) return accepted(loaded)
  return refused('issuer_not_found', `there is no issuer ${id}: list the issuers to see their ids`)
}

/** An issuer that was created and not deleted. */
export async function loadIssuer(
  deps: Pick<OperationDeps, 'issuers'>,
  id: string,
): Promise<Outcome<LiveIssuer>> {
  const loaded = await loadStored(deps, id)
  if (!loaded.ok) return loaded
  const { stored, etag } = loaded.value
  if (stored.kind === 'issuer') return accepted({ stored, etag })
  return refused('issuer_deleted', `issuer ${id} was deleted, and its id is never given again`)
}

export interface IssuerChange<T extends StoredIssuer> {
  readonly id: string
  /** The revision that the operator has seen; any when `undefined`. */
  readonly revision: number | undefined
  /**
   * What the issuer becomes. A refusal changes nothing, and neither does the document that was given. Asked once more
   * where another write came first: whatever it makes must leave nothing behind unless it is written.
   */
  readonly apply: (document: IssuerDocument, now: number) => Promise<Outcome<T>>
}

/** For one revision, somebody else's write in between is a refusal; for any, the change is made of what that wrote. */
export async function changeIssuer<T extends StoredIssuer>(
  deps: OperationDeps,
  change: IssuerChange<T>,
): Promise<Outcome<T>> {
  const { id, revision } = change
  const attemptsMax = revision === undefined ? ROTATION_ATTEMPTS_MAX : 1
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const outcome = await attemptChange(deps, change)
    if (outcome !== 'conflict') return outcome
  }
  return refused(
    'revision_conflict',
    `issuer ${id} was changed by someone else at the same moment: read it again and repeat the change`,
  )
}

async function attemptChange<T extends StoredIssuer>(
  deps: OperationDeps,
  { id, revision, apply }: IssuerChange<T>,
): Promise<Outcome<T> | 'conflict'> {
  const found = await loadIssuer(deps, id)
  if (!found.ok) return found
  const { stored } = found.value
  if (revision !== undefined && revision !== stored.revision) {
    return refused(
      'revision_conflict',
      `issuer ${id} is at revision ${stored.revision}, the change was for revision ${revision}: read it again and repeat the change`,
    )
  }
  const changed = await apply(stored, deps.clock.now())
  // The document itself is a change that changes nothing: it is not written.
  if (!changed.ok || changed.value === stored) return changed
  const written = await deps.issuers.replace(found.value, changed.value)
  return written === 'written' ? changed : 'conflict'
}
