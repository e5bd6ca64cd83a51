/**
 * Servers compared: each is measured once a round, so that noise of the machine falls on all of them alike.
 */

import type { DocumentKind } from './documents.ts'
import type { Load } from './load/load-process.ts'
import type { Run } from './load/messages.ts'
import { inRounds } from './rounds.ts'
import type { Schedule } from './schedule.ts'
import { median } from './statistics.ts'
import type { Subject } from './subject.ts'

export interface Figures {
  readonly subject: Subject
  /** Every path for the first time: what the server had to fetch is in it. */
  readonly first: Run | undefined
  /** One run a round. */
  readonly saturated: readonly Run[]
  readonly paced: readonly Run[]
}

export interface Comparison {
  readonly kind: DocumentKind
  /** The fixed rate of the paced runs. */
  readonly perSecond: number
  readonly figures: readonly Figures[]
}

/** Of the saturation of the slowest: what every one of them keeps up with. */
const PACED_SHARE = 0.5

export async function compare(
  load: Load,
  subjects: readonly Subject[],
  kind: DocumentKind,
  schedule: Schedule,
): Promise<Comparison> {
  const { rounds, saturateMs, paceMs, warmMs, warmPasses } = schedule
  const first: Run[] = []
  for (const { targets } of subjects) {
    first.push(await load.warm(targets[kind], 1, 0))
    await load.warm(targets[kind], warmPasses, warmMs)
  }
  const saturated = await inRounds(subjects, rounds, async (subject) => {
    await askAllOnce(load, subject, kind)
    return load.saturate(subject.targets[kind], saturateMs)
  })
  const slowest = Math.min(
    ...saturated.map((runs) => median(runs.map(({ requests, seconds }) => requests / seconds))),
  )
  const perSecond = Math.max(1, Math.floor(slowest * PACED_SHARE))
  const paced = await inRounds(subjects, rounds, async (subject) => {
    await askAllOnce(load, subject, kind)
    return load.pace(subject.targets[kind], paceMs, perSecond)
  })
  const figures = subjects.map((subject, index) => ({
    subject,
    first: first[index],
    saturated: saturated[index] ?? [],
    paced: paced[index] ?? [],
  }))
  return { kind, perSecond, figures }
}

/**
 * While other servers have their turn, copies in memory grow old, which they would not do under this load. So a server of
 * many paths is asked for each of them just before it is measured.
 */
async function askAllOnce(load: Load, subject: Subject, kind: DocumentKind): Promise<void> {
  if (subject.pathCount > 1) await load.warm(subject.targets[kind], 1, 0)
}
