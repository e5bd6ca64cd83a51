/**
 * A copy store in the hand of the test: each put lasts until the test ends it.
 */

import type { CopyStore } from '../../../src/storage/document-store.ts'

interface HeldPut {
  succeed(): void
  fail(): void
}

interface HeldCopies {
  readonly store: CopyStore
  /** The next put that began; waits for it. */
  next(): Promise<HeldPut>
  /** From now on each put succeeds at once. */
  release(): void
  /** The bodies of the puts that succeeded, in their order. */
  readonly delivered: readonly string[]
  /** The most puts that were ever under way together. */
  mostAtOnce(): number
}

export function heldCopies(): HeldCopies {
  const begun: HeldPut[] = []
  const waiting: ((put: HeldPut) => void)[] = []
  const delivered: string[] = []
  const count = { underWay: 0, most: 0 }
  let released = false

  function put(_key: string, body: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    count.underWay += 1
    count.most = Math.max(count.most, count.underWay)
    const succeed = (): void => {
      count.underWay -= 1
      delivered.push(body)
      resolve()
    }
    const fail = (): void => {
      count.underWay -= 1
      reject(new Error('the copy store is down'))
    }
    if (released) succeed()
    else announce({ succeed, fail })
    return promise
  }

  function announce(held: HeldPut): void {
    const waiter = waiting.shift()
    if (waiter === undefined) begun.push(held)
    else waiter(held)
  }

  return {
    store: { name: 'held', stalenessSeconds: 0, get: async () => undefined, put },
    next: async () => begun.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    release: () => {
      released = true
    },
    delivered,
    mostAtOnce: () => count.most,
  }
}
