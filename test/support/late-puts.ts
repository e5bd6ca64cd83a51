/**
 * Puts of static copies that time out, and take effect all the same, later.
 */

import { Fault } from '../../src/errors.ts'
import type { StaticCopyStore } from '../../src/static-copies/static-copy-store.ts'

export interface LatePuts {
  readonly store: StaticCopyStore
  /** The next put times out, and takes effect after so many further calls. `undefined`: it does not. */
  delayNext(calls: number | undefined): void
  /** How many have timed out. */
  lost(): number
  /** Those that are on their way take effect. */
  arrive(): Promise<void>
}

export function latePuts(store: StaticCopyStore): LatePuts {
  let delay: number | undefined
  let lost = 0
  let waiting: { left: number; readonly put: () => Promise<unknown> }[] = []
  let arriving: Promise<unknown> = Promise.resolve()

  function arrive(calls: number): Promise<unknown> {
    const due = waiting.filter(({ left }) => left < calls)
    waiting = waiting.filter(({ left }) => left >= calls)
    for (const each of waiting) each.left -= calls
    for (const { put } of due) arriving = arriving.then(put)
    return arriving
  }

  async function called<T>(act: () => Promise<T>): Promise<T> {
    await arrive(1)
    return act()
  }

  return {
    delayNext: (calls) => {
      delay = calls
    },
    lost: () => lost,
    arrive: async () => {
      await arrive(Infinity)
    },
    store: {
      get: (name) => called(() => store.get(name)),
      delete: (name) => called(() => store.delete(name)),
      put: (...request) =>
        called(async () => {
          if (delay === undefined) return store.put(...request)
          waiting.push({ left: delay, put: () => store.put(...request) })
          delay = undefined
          lost += 1
          throw new Fault('static_copies_unavailable', 'S3 did not answer')
        }),
    },
  }
}
