/**
 * The load process, as the bench sees it.
 */

import { fileURLToPath } from 'node:url'
import { type Child, firstMessage, startChild } from '../children.ts'
import type { Asked, AskedPost, Captured, LoadAnswer, LoadCommand, Run } from './messages.ts'

/** A server under measure, and what it is asked for. */
export interface Target {
  readonly port: number
  readonly pid: number
  readonly list: string
}

/** Runs go one after the other; each rejects when an answer was not the expected one. */
export interface Load {
  /** `asked`: a path to get, or a POST, whose answer is not checked. */
  capture(port: number, asked: string | AskedPost): Promise<Captured>
  learn(list: string, asked: readonly Asked[]): Promise<void>
  /** All of the list `passes` times and for `leastMs`, every answer checked wholly. */
  warm(target: Target, passes: number, leastMs: number): Promise<Run>
  saturate(target: Target, ms: number): Promise<Run>
  pace(target: Target, ms: number, perSecond: number): Promise<Run>
}

export function startLoad(pin: readonly string[]): Load {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const command = [process.execPath, main]
  const child = startChild({ name: 'the load', pin, command, channel: 'ipc' })
  return {
    capture: async (port, asked) => {
      const { captured } = await perform(child, { type: 'capture', port, asked })
      if (captured === undefined) throw new TypeError('the load captured nothing')
      return captured
    },
    learn: async (list, asked) => {
      await perform(child, { type: 'learn', list, asked })
    },
    warm: async (target, passes, leastMs) =>
      runOf(await perform(child, { type: 'warm', ...target, passes, leastMs })),
    saturate: async (target, ms) =>
      runOf(await perform(child, { type: 'saturate', ...target, ms })),
    pace: async (target, ms, perSecond) =>
      runOf(await perform(child, { type: 'pace', ...target, ms, perSecond })),
  }
}

type Done = Extract<LoadAnswer, { ok: true }>

async function perform(child: Child, command: LoadCommand): Promise<Done> {
  const answered = firstMessage(child)
  child.process.send(command)
  const answer = (await answered) as LoadAnswer
  if (!answer.ok) throw new Error(answer.problem)
  return answer
}

function runOf({ run }: Done): Run {
  if (run === undefined) throw new TypeError('the load measured nothing')
  return run
}
