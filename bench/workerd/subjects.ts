/**
 * What runs in workerd: the Worker with one issuer, the bare handler, and the Worker with ten thousand issuers.
 */

import { askedPath, shuffled } from '../asked.ts'
import { byKind } from '../documents.ts'
import type { Place } from '../place.ts'
import { pathOf, seedIssuers } from '../signet-seed.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { startBareHandlers } from './bare-server.ts'
import { prepareWorker, startWorker } from './worker-server.ts'

export const WORKER = 'Worker, 1 issuer'
export const BARE = 'bare handler'
export const WORKER_MANY = 'Worker, 10,000 issuers'

const ISSUERS = 10_000

export async function startWorkerdSubjects(place: Place): Promise<Subject[]> {
  const { load } = place
  const { ids, copies, expectedBody } = await seedIssuers(ISSUERS)
  const all = await byKind(async (kind) =>
    Promise.all(
      ids.map(async (id) => {
        const path = pathOf(id, kind)
        return askedPath(path, await expectedBody(path))
      }),
    ),
  )
  const first = await byKind(async (kind) => all[kind].slice(0, 1))
  await prepareWorker(place, copies)
  const worker = await startWorker(place, WORKER)
  const many = await startWorker(place, WORKER_MANY)
  const captured = await byKind(async (kind) =>
    load.capture(worker.port, first[kind][0]?.path ?? ''),
  )
  const bare = await startBareHandlers(place, BARE, captured)
  return [
    await subjectOf(load, WORKER, async (kind) => ({ ...worker, asked: first[kind] })),
    await subjectOf(load, BARE, async (kind) => ({ ...bare[kind], asked: first[kind] })),
    await subjectOf(load, WORKER_MANY, async (kind) => ({ ...many, asked: shuffled(all[kind]) })),
  ]
}
