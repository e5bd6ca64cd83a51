/**
 * A world with one true clock, in which several pieces of asynchronous code run at once, in an order that is told.
 *
 * Each effect of an actor waits for its time; between two effects an actor runs alone. So a history is the same at every run,
 * although what runs is the real code with real promises. A crash is an actor that is never answered again.
 */

import type { Clock } from '../../../src/clock.ts'

/** `loses answer`: it is done, and whoever asked hears of a failure. `conflicts`: it is done, and the client's second try finds it so. */
export type Fate =
  | 'happens'
  | 'fails'
  | 'loses answer'
  | 'conflicts'
  | 'crash before'
  | 'crash after'

/** What becomes of one effect: seconds until it happens, and from then until its answer arrives. */
export interface Weather {
  readonly before: number
  readonly after: number
  readonly fate: Fate
}

export interface ActorOptions {
  /** Its clock is ahead by this much, in seconds. */
  readonly skew: number
  /** Of its effects one after the other; what is left out happens at once. */
  readonly weather: readonly Weather[]
}

/** What whoever asked gets instead; each may throw. */
export interface Failures<T> {
  readonly fails: () => T
  readonly loses?: (result: T) => T
  readonly conflicts?: (result: T) => T
}

export interface Actor {
  readonly name: string
  readonly clock: Clock
  effect<T>(act: () => T | Promise<T>, failures: Failures<T>): Promise<T>
}

export type Ending =
  | { readonly type: 'ended'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'crashed' }

export interface Simulation {
  /** The true time, in seconds with fractions. */
  now(): number
  /** Resolves once the actor has ended or crashed, which takes until the time has come for it. */
  spawn(
    name: string,
    options: ActorOptions,
    work: (actor: Actor) => Promise<unknown>,
  ): Promise<Ending>
  /** Everything that happens until then. */
  advanceTo(time: number): Promise<void>
}

/** The longest life of a function on either host: then its platform ends it. */
export const LIFE_SECONDS_MAX = 900

const CALM: Weather = { before: 0, after: 0, fate: 'happens' }

interface Turn {
  readonly at: number
  readonly take: () => Promise<void>
}

export function simulation(start: number): Simulation {
  let time = start
  const queue: Turn[] = []

  /** Behind whatever has the same time. */
  function enqueue(at: number, take: () => Promise<void>): void {
    const index = queue.findIndex((turn) => turn.at > at)
    queue.splice(index === -1 ? queue.length : index, 0, { at, take })
  }

  function spawn(
    name: string,
    { skew, weather }: ActorOptions,
    work: (actor: Actor) => Promise<unknown>,
  ): Promise<Ending> {
    const ending = Promise.withResolvers<Ending>()
    const bornAt = time
    let gate = Promise.withResolvers<void>()
    let step = 0

    /** Lets the actor run until its next effect, or its end. */
    async function giveTurn(answer: () => void): Promise<void> {
      gate = Promise.withResolvers()
      answer()
      await gate.promise
    }

    function end(how: Ending): void {
      ending.resolve(how)
      gate.resolve()
    }

    const actor: Actor = {
      name,
      clock: { now: () => Math.floor(time + skew) },
      effect<T>(act: () => T | Promise<T>, failures: Failures<T>): Promise<T> {
        const answer = Promise.withResolvers<T>()
        const { before, after, fate } = weather[step] ?? CALM
        step += 1
        enqueue(time + before, async () => {
          if (fate === 'crash before' || time - bornAt > LIFE_SECONDS_MAX) {
            end({ type: 'crashed' })
            return
          }
          const outcome = await outcomeOf(act, failures, fate)
          if (fate === 'crash after') {
            end({ type: 'crashed' })
            return
          }
          enqueue(time + after, () =>
            giveTurn(() => {
              if ('error' in outcome) answer.reject(outcome.error)
              else answer.resolve(outcome.value)
            }),
          )
        })
        gate.resolve()
        return answer.promise
      },
    }
    enqueue(time, () =>
      giveTurn(() => {
        work(actor).then(
          (value) => end({ type: 'ended', value }),
          (error: unknown) => end({ type: 'failed', error }),
        )
      }),
    )
    return ending.promise
  }

  return {
    now: () => time,
    spawn,
    advanceTo: async (until) => {
      for (;;) {
        const turn = queue[0]
        if (turn === undefined || turn.at > until) break
        queue.shift()
        time = Math.max(time, turn.at)
        await turn.take()
      }
      time = Math.max(time, until)
    },
  }
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown }

async function outcomeOf<T>(
  act: () => T | Promise<T>,
  { fails, loses, conflicts }: Failures<T>,
  fate: Fate,
): Promise<Outcome<T>> {
  try {
    if (fate === 'fails') return { value: fails() }
    const result = await act()
    if (fate === 'loses answer') return { value: loses === undefined ? fails() : loses(result) }
    return { value: fate === 'conflicts' && conflicts !== undefined ? conflicts(result) : result }
  } catch (error) {
    return { error }
  }
}
