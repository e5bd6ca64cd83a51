/**
 * The copy in memory over any history of storage.
 */

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MEMORY_COPY_SECONDS } from '../../src/limits.ts'
import { bodyOf } from '../support/hosts/control-client.ts'
import type { Answer } from '../support/hosts/faulty-reads.ts'
import { passDeadlines, reading, versionOf } from './reading.ts'

/** Longer than a copy in memory is served without asking. */
const STALE = MEMORY_COPY_SECONDS + 1

type Step = {
  readonly answer: Answer['type'] | 'old'
  readonly wait: number
  readonly change: boolean
}

const steps = fc.array(
  fc.record<Step>({
    answer: fc.constantFrom('right', 'missing', 'failing', 'broken', 'old', 'silent'),
    wait: fc.constantFrom(0, 1, 5, STALE, 600, 3700),
    change: fc.boolean(),
  }),
  { maxLength: 25 },
)

test('whatever storage does, versions never go back, sets are never empty and nothing is a 500', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const reader = await reading()
      const bodies = [await reader.stored()]
      let newest = 0
      let missingAt = -Infinity
      for (const { answer, wait, change } of all) {
        if (change) {
          await reader.change()
          bodies.push(await reader.stored())
        }
        reader.wait(wait)
        reader.reads.answer =
          answer === 'old'
            ? { type: 'body', body: bodies[Math.floor(bodies.length / 2)] ?? '' }
            : { type: answer === 'body' ? 'right' : answer }
        const asked = reader.jwkSet()
        if (answer === 'silent') await passDeadlines(reader, asked)
        const response = await asked
        expect([200, 404, 503]).toContain(response.status)
        const { seconds } = reader.host.clock
        if (answer === 'missing') missingAt = seconds
        // It is not there only where storage has just said so.
        expect(response.status === 404 && seconds - missingAt >= MEMORY_COPY_SECONDS).toBe(false)
        // Late answers come whenever they come.
        if (wait === 5) for (const held of reader.reads.held.splice(0)) held.answerAsBegun()
        if (wait === STALE) for (const held of reader.reads.held.splice(0)) held.fail()
        if (response.status !== 200) continue
        expect(bodyOf<{ keys: object[] }>(response).keys).not.toHaveLength(0)
        expect(versionOf(response)).toBeGreaterThanOrEqual(newest)
        newest = versionOf(response)
      }
    }),
    { numRuns: 150 },
  )
})
