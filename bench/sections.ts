/**
 * The two parts of the bench: what runs in workerd, and what runs on Node. Each prints its table and gives its aims.
 */

import { bareAim, manyAim, peerAim } from './aims.ts'
import { cpuSecondsOfRun, stopChildren } from './children.ts'
import { type Comparison, compare } from './compare.ts'
import { cpuSecondsOfMachine } from './cpu-time.ts'
import { DOCUMENT_KINDS } from './documents.ts'
import { PEERS, SIGNET, startNodeSubjects } from './node/subjects.ts'
import type { Place } from './place.ts'
import { type Aim, printComparisons, printFirst, printOthers } from './report.ts'
import type { Schedule } from './schedule.ts'
import type { Subject } from './subject.ts'
import { BARE, startWorkerdSubjects, WORKER, WORKER_MANY } from './workerd/subjects.ts'

export async function measureWorkerd(place: Place, schedule: Schedule): Promise<Aim[]> {
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

export async function measureNode(place: Place, schedule: Schedule): Promise<Aim[]> {
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
  const othersBefore = cpuSecondsOfMachine() - cpuSecondsOfRun()
  const startedAt = performance.now()
  const comparisons: Comparison[] = []
  for (const kind of DOCUMENT_KINDS) {
    comparisons.push(await compare(load, subjects, kind, schedule))
  }
  const others = cpuSecondsOfMachine() - cpuSecondsOfRun() - othersBefore
  printComparisons(title, comparisons)
  printOthers((others * 1000) / (performance.now() - startedAt))
  // What is not measured any more must not take the time of what is.
  const pids = subjects.flatMap(({ targets }) => Object.values(targets).map(({ pid }) => pid))
  await stopChildren(pids)
  return comparisons
}
