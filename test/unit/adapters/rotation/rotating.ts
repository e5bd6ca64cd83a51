/**
 * The rotating function as far as its messages go: whoever rotates behind it is the test's.
 */

import {
  answerQuestion,
  parseQuestion,
} from '../../../../src/adapters/rotation/rotation-messages.ts'
import type { Rotation } from '../../../../src/keyring/rotation.ts'
import type { Log } from '../../../../src/log.ts'
import { NOW } from '../../../support/fixtures.ts'
import { aRotationReport, aSweepReport } from '../../../support/rotation-reports.ts'

/** By the clock of the function that rotates. */
export const ARRIVED = NOW + 7

/** Whoever rotates, what it was asked, and what was logged meanwhile. */
export function rotating({
  run = async () => aRotationReport(),
  sweep = async () => aSweepReport(),
  publish = async () => {},
}: Partial<Pick<Rotation, 'run' | 'sweep' | 'publish'>> = {}) {
  const asked: unknown[][] = []
  const logged: Parameters<Log>[] = []
  const rotation: Pick<Rotation, 'run' | 'sweep' | 'publish'> = {
    run: async (...request) => {
      asked.push(['run', ...request])
      return run(...request)
    },
    sweep: async (...request) => {
      asked.push(['sweep', ...request])
      return sweep(...request)
    },
    publish: async (...request) => {
      asked.push(['publish', ...request])
      return publish(...request)
    },
  }
  const log: Log = (...record) => void logged.push(record)
  const deps = { rotation, clock: { now: () => ARRIVED }, log }
  async function answer(json: string): Promise<string> {
    const question = parseQuestion(JSON.parse(json))
    if (question === undefined) throw new Error('that is no question')
    return JSON.stringify(await answerQuestion(question, deps))
  }
  return { asked, logged, answer }
}
