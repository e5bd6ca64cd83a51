/**
 * A server under measure: where it has each document, and what it must answer.
 */

import { byKind, type ByKind } from './documents.ts'
import type { Load, Target } from './load/load-process.ts'
import type { AskedPath } from './load/messages.ts'

export interface Subject {
  readonly name: string
  readonly targets: ByKind<Target>
  /** Length of each document. */
  readonly bytes: ByKind<number>
  /** How many paths it is asked for in turn. */
  readonly pathCount: number
}

export interface Served {
  readonly port: number
  readonly pid: number
  /** Asked for in this order. */
  readonly asked: readonly AskedPath[]
}

export async function subjectOf(
  load: Load,
  name: string,
  served: (kind: keyof Subject['targets']) => Promise<Served>,
): Promise<Subject> {
  const all = await byKind(served)
  const targets = await byKind(async (kind) => {
    const { port, pid, asked } = all[kind]
    const list = `${kind} of ${name}`
    await load.learn(list, asked)
    return { port, pid, list }
  })
  const bytes = await byKind(async (kind) => all[kind].asked[0]?.bodyBytes ?? 0)
  return { name, targets, bytes, pathCount: all.discovery.asked.length }
}
