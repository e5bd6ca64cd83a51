/**
 * Brings the static copies of an issuer to what its document says now, or takes them away.
 *
 * The JWK Set is written last and names the edition that the others are of, so that one look at it tells whether all are
 * right. Whoever has touched anything, or may have, reads the issuer again: what was changed or deleted meanwhile is followed
 * at once, and nothing that a slow run wrote outlives it. What is left of a deleted issuer all the same, since a run died or a
 * put took effect after it was given up for lost, the next run removes.
 */

import type { Clock } from '../clock.ts'
import type { DocumentRenderer } from '../documents/rendered-documents.ts'
import { Fault } from '../errors.ts'
import type { IssuerDocument, StoredIssuer } from '../issuers/issuer-document.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import { ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import type { Log } from '../log.ts'
import { copiesOfIssuer, isSameCopy } from './copies-of-issuer.ts'
import { type CopyNames, copyNamesOf } from './copy-names.ts'
import type { StaticCopy, StaticCopyStore, StoredStaticCopy } from './static-copy-store.ts'

export interface StaticCopiesDeps {
  readonly store: StaticCopyStore
  readonly issuers: Pick<IssuerRepository, 'load'>
  readonly renderer: DocumentRenderer
  readonly clock: Clock
  readonly log: Log
}

/**
 * At the JWK Set alone, or at each copy: somebody may have deleted another one, and a slow run that ended in the middle may
 * have put an older one over it, where both have the same body and so the same etag.
 */
type Looking = 'at one' | 'at all'

/** `touched`: something was written, or may have been, or somebody else was there. `newer`: somebody knows a later document. */
type Step = 'right' | 'touched' | 'newer'

/**
 * `stored`: as it was read or written. What another run is about is left to it, and to the next one. Rejects with the faults
 * of static copies and of documents; the next update then does the rest.
 */
export async function updateCopies(
  deps: StaticCopiesDeps,
  stored: StoredIssuer,
  looking: Looking = 'at one',
): Promise<void> {
  const names = copyNamesOf(stored.issuer)
  if (names === undefined) return
  let present = stored
  for (let attempt = 1; attempt <= ROTATION_ATTEMPTS_MAX; attempt += 1) {
    if (present.kind === 'tombstone') break
    const step = await bring(deps, present, names, looking).catch(async (failure: unknown) => {
      // A put of which nobody knows may have been after the deletion.
      if (failure instanceof Fault) await removeIfDeleted(deps, present.id, names)
      throw failure
    })
    if (step === 'right') return
    const loaded = await deps.issuers.load(present.id)
    if (loaded === undefined || loaded.stored.revision === present.revision) {
      if (step === 'newer') logNewer(deps, present, names)
      return
    }
    present = loaded.stored
  }
  if (present.kind === 'tombstone') await remove(deps.store, names)
}

async function bring(
  deps: StaticCopiesDeps,
  issuer: IssuerDocument,
  names: CopyNames,
  looking: Looking,
): Promise<Step> {
  const { store, renderer, clock, log } = deps
  const documents = await renderer.render(issuer, clock.now())
  const found = await store.get(names.jwkSet)
  if (isNewer(found, issuer)) return 'newer'
  if (documents === undefined) {
    // As the host, which answers that there is no published key.
    await remove(store, names)
    return 'touched'
  }
  const { discovery, jwkSet } = await copiesOfIssuer(issuer, documents)
  const isSame = isSameCopy(found, jwkSet)
  if (isSame && looking === 'at one') return 'right'
  for (const name of [names.discovery, names.authorizationServer]) {
    const before = await store.get(name)
    if (isNewer(before, issuer)) return 'newer'
    if ((await write(store, name, discovery, before)) === 'conflict') return 'touched'
  }
  if (!isSame && (await write(store, names.jwkSet, jwkSet, found)) === 'written') {
    log('info', 'static_copies_written', { issuer: issuer.id, revision: issuer.revision })
  }
  return 'touched'
}

/** Of a document that was restored to a revision which the public has seen before: `docs/storage-schema.md`, "Restoring a backup". */
function logNewer(
  { log }: StaticCopiesDeps,
  { id, revision }: StoredIssuer,
  { discovery, authorizationServer, jwkSet }: CopyNames,
): void {
  const problem = `the static copies of issuer ${id} are of a later revision than ${revision}, which its document has, and stay as they are: raise the document's revision above every one that was published; where nobody knows of such a revision, delete the copies by hand ("aws s3 rm" of ${discovery}, ${authorizationServer} and ${jwkSet} in their bucket), and the next run writes them anew`
  log('error', 'static_copies_newer', { issuer: id, problem })
}

function isNewer(found: StaticCopy | undefined, { revision }: IssuerDocument): boolean {
  return found !== undefined && found.ringVersion > revision
}

async function write(
  store: StaticCopyStore,
  name: string,
  copy: StaticCopy,
  before: StoredStaticCopy | undefined,
): Promise<'written' | 'conflict'> {
  if (isSameCopy(before, copy)) return 'written'
  const condition =
    before === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: before.etag }
  return store.put(name, copy, condition)
}

/** All of them are tried, whatever becomes of one. */
async function remove(store: StaticCopyStore, names: CopyNames): Promise<void> {
  const { jwkSet, discovery, authorizationServer } = names
  const removed = [jwkSet, discovery, authorizationServer].map((name) => store.delete(name))
  await Promise.allSettled(removed)
  await Promise.all(removed)
}

/** Where something has failed already: that is what is told, and the next run does what is left. */
async function removeIfDeleted(
  { store, issuers }: StaticCopiesDeps,
  id: string,
  names: CopyNames,
): Promise<void> {
  try {
    const loaded = await issuers.load(id)
    if (loaded?.stored.kind === 'tombstone') await remove(store, names)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}
