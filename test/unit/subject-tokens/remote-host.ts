/**
 * A host with its key sets in memory, a clock and deadlines in the hand of the test, and the issuer that it asks.
 */

import type { LogFields } from '../../../src/log.ts'
import type { KeepAlive } from '../../../src/reading/storage-flights.ts'
import type { KeySetAnswer } from '../../../src/subject-tokens/key-sets.ts'
import {
  type KnownKeySetsBounds,
  knownKeySets,
} from '../../../src/subject-tokens/known-key-sets.ts'
import { remoteKeySets } from '../../../src/subject-tokens/remote-key-sets.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import { type Answer, ecMember, ISSUER, JWKS_URL, remoteWeb, rightAnswers } from './remote-web.ts'

export const A = await ecMember('kid-a')
export const B = await ecMember('kid-b')

/** As `rightAnswers` has it. */
export const AGE = 600

const FAILING: Answer = () => new Response('out of order', { status: 503 })

/** One host, its clock and the issuer that it asks. */
export function host(
  keys: readonly unknown[] = [A],
  cacheControl = `max-age=${AGE}`,
  bounds?: KnownKeySetsBounds,
) {
  let now = 1_800_000_000
  const web = remoteWeb(rightAnswers(keys, cacheControl))
  const logged: (LogFields | undefined)[] = []
  const held = heldDeadlines()
  const sets = remoteKeySets({
    fetch: web.fetch,
    clock: { now: () => now },
    deadline: held.deadline,
    log: (level, event, fields) => logged.push({ level, event, ...fields }),
    allowLoopback: false,
    known: knownKeySets(bounds),
  })
  return {
    web,
    logged,
    ask: (kid = 'kid-a', issuer = ISSUER, jwksHost?: string) =>
      sets.keysOf({ issuer, jwksHost }, kid),
    askKept: (keepAlive: KeepAlive, kid = 'kid-a') =>
      sets.keysOf({ issuer: ISSUER, jwksHost: undefined }, kid, keepAlive),
    wait: (seconds: number) => {
      now += seconds
    },
    /** From now on. */
    publish: (published: readonly unknown[]) => {
      const answers = rightAnswers(published, cacheControl)
      for (const [url, answer] of Object.entries(answers)) web.answers.set(url, answer)
    },
    fail: (answer: Answer = FAILING) => void web.answers.set(JWKS_URL, answer),
    /** How often the keys were asked for. */
    fetches: () => web.asked.filter((url) => url === JWKS_URL).length,
    pass: async (milliseconds: number) => {
      const count = held.pass(milliseconds)
      await settled()
      return count
    },
  }
}

/** Everything that is decided already has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function kidsIn(answer: KeySetAnswer): readonly string[] | undefined {
  return answer.ok ? answer.keys.map(({ kid }) => kid) : undefined
}
