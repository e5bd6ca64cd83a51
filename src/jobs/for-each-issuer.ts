/**
 * Every issuer of an installation, a few at once: the walk of a job.
 *
 * Asks for ids alone. Whatever is done with an issuer reads its document itself, and so reads it once and fresh.
 */

import type { Clock } from '../clock.ts'
import { issuerIdOfKey, issuerKey } from '../issuers/issuer-repository.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { FailureCode } from './failure-fields.ts'

/** A Worker has six connections at once, and some issuers take two. */
export const ISSUERS_AT_ONCE = 4
/** As many as S3 gives in one answer. */
export const LISTED_AT_ONCE = 1000
/** No issuer is begun later: both hosts end a run after 15 min, and no issuer takes five of them. */
export const JOB_SECONDS_MAX = 600
/**
 * So many issuers in a row for which storage does not answer are enough: a Worker's free plan refuses every call after its
 * 50th, and the rest would each be a failure of theirs.
 */
export const STORAGE_FAILURES_MAX = 8

export interface Walk {
  readonly documents: Pick<DocumentStore, 'list'>
  readonly clock: Clock
  /** From 0 to less than 1. Default: the runtime's. */
  readonly random?: (() => number) | undefined
}

/**
 * From a random issuer on and round to the one before it, so that runs which are cut short reach everybody in time. `visit`
 * never rejects, and resolves to the code of what it failed by. Resolves to how many were not visited, since the time was over
 * or storage does not answer; rejects with fault `storage_unavailable`.
 */
export async function forEachIssuer(
  { documents, clock, random = Math.random }: Walk,
  visit: (id: string) => Promise<FailureCode | undefined>,
): Promise<number> {
  const endsAt = clock.now() + JOB_SECONDS_MAX
  const ids = await issuerIds(documents)
  const start = Math.floor(random() * ids.length)
  const waiting = [...ids.slice(start), ...ids.slice(0, start)].values()
  let unvisited = ids.length
  let failuresInRow = 0
  let isStorageDown = false

  async function walk(): Promise<void> {
    while (clock.now() < endsAt && !isStorageDown) {
      const { value: id } = waiting.next()
      if (id === undefined) return
      unvisited -= 1
      const failure = await visit(id)
      failuresInRow = failure === 'storage_unavailable' ? failuresInRow + 1 : 0
      // Also when one that was under way comes to a good end.
      isStorageDown ||= failuresInRow === STORAGE_FAILURES_MAX
    }
  }

  await Promise.all(Array.from({ length: ISSUERS_AT_ONCE }, walk))
  return unvisited
}

async function issuerIds(documents: Walk['documents']): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const { keys, more } = await documents.list({
      prefix: issuerKey(''),
      after,
      limit: LISTED_AT_ONCE,
    })
    ids.push(...keys.map(issuerIdOfKey))
    after = more ? keys.at(-1) : undefined
  } while (after !== undefined)
  return ids
}
