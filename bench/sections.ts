/**
 * The sections of the bench. Each prints its tables and gives its aims.
 */

import { bareAim, manyAim, peerAim } from './aims.ts'
import { stopChildren } from './children.ts'
import { type Comparison, compare } from './compare.ts'
import { DOCUMENT_KINDS } from './documents.ts'
import { measureExchange } from './exchange/measure-exchange.ts'
import { measureLambda } from './lambda/measure-lambda.ts'
import { PEERS, SIGNET, startNodeSubjects } from './node/subjects.ts'
import { besideOthers } from './others.ts'
import type { Place } from './place.ts'
import { type Aim, printComparisons, printFirst, printOthers } from './report.ts'
import { measureRotation } from './rotation/measure-rotation.ts'
import type { Schedule } from './schedule.ts'
import { measureSigning } from './signing/measure-signing.ts'
import { measureSizes } from './sizes.ts'
import type { Subject } from './subject.ts'
import { measureWorkerStart } from './workerd/measure-start.ts'
import { BARE, startWorkerdSubjects, WORKER, WORKER_MANY } from './workerd/subjects.ts'

export type Section = (place: Place, schedule: Schedule) => Promise<Aim[]>

/** By name, in the order in which they run. */
export const SECTIONS: Readonly<Record<string, Section>> = {
  documents: async (place, schedule) => [
    ...(await measureWorkerd(place, schedule)),
    ...(await measureNode(place, schedule)),
  ],
  sizes: measureSizes,
  worker: measureWorkerStart,
  lambda: measureLambda,
  signing: measureSigning,
  exchange: measureExchange,
  rotation: measureRotation,
}

async function measureWorkerd(place: Place, schedule: Schedule): Promise<Aim[]> {
  const comparisons = await compareAll(
    'In workerd: the Worker as it is deployed, and a bare handler',
    place,
    await startWorkerdSubjects(place),
    schedule,
  )
  for (const comparison of comparisons.slice(0, 1)) printFirst(comparison, WORKER_MANY)
  return [
    ...comparisons.map((comparison) => bareAim(comparison, WORKER, BARE)),
    ...comparisons.map((comparison) => manyAim(comparison, WORKER_MANY, WORKER)),
  ]
}

async function measureNode(place: Place, schedule: Schedule): Promise<Aim[]> {
  const comparisons = await compareAll(
    'On Node: Signet and OpenAuth (ES256 alone; metadata of RFC 8414) on @hono/node-server, oidc-provider on Koa',
    place,
    await startNodeSubjects(place),
    schedule,
  )
  return comparisons.map((comparison) => peerAim(comparison, SIGNET, PEERS))
}

async function compareAll(
  title: string,
  { load }: Place,
  subjects: readonly Subject[],
  schedule: Schedule,
): Promise<Comparison[]> {
  const { result: comparisons, others } = await besideOthers(async () => {
    const compared: Comparison[] = []
    for (const kind of DOCUMENT_KINDS) {
      compared.push(await compare(load, subjects, kind, schedule))
    }
    return compared
  })
  printComparisons(title, comparisons)
  printOthers(others)
  // What is not measured any more must not take the time of what is.
  const pids = subjects.flatMap(({ targets }) => Object.values(targets).map(({ pid }) => pid))
  await stopChildren(pids)
  return comparisons
}
