/**
 * Storage of one issuer's public copy that behaves as a script says, with deadlines in the hand of the test.
 */

import { Fault } from '../../src/errors.ts'
import type { PublicCopy } from '../../src/issuers/issuer-document.ts'
import {
  LAST_GOOD_SECONDS,
  MEMORY_COPY_SECONDS,
  SLOW_STORAGE_MS,
  STORAGE_WAIT_MS,
} from '../../src/limits.ts'
import type { PublicIssuers } from '../../src/reading/public-issuers.ts'
import { NOW } from './fixtures.ts'
import {
  type Answer,
  type Behaviour,
  copiesOf,
  type StorageScript,
  type StorageStep,
} from './property-storage-scripts.ts'
import { heldDeadlines } from './workerd/held-deadlines.ts'

/** Whoever waited in vain for somebody else's read waits for the rest of his time. */
const WAITS_MS = [SLOW_STORAGE_MS, STORAGE_WAIT_MS - SLOW_STORAGE_MS, STORAGE_WAIT_MS]

export interface ScriptedStorage {
  readonly issuers: PublicIssuers
  readonly clock: {
    seconds: number
    now(): number
    move(seconds: number): void
    /** The latest moment that it was moved to. */
    latest(): number
  }
  /** What it threw that is no fault. */
  readonly broken: () => readonly unknown[]
  readonly deadline: ReturnType<typeof heldDeadlines>['deadline']
  behaviour: Behaviour
  readonly loads: () => number
  /** When storage was last asked what it has of the issuer and said it, whichever revision. */
  readonly lastFoundAt: () => number
  readonly newest: () => PublicCopy
  publish(): void
  arrive(which: number): Promise<void>
  /** Waits for `work`, letting every deadline pass that it waits for. */
  settle<T>(work: Promise<T>): Promise<T>
}

export function scriptedStorage(script: StorageScript): ScriptedStorage {
  const copies = copiesOf(script)
  const deadlines = heldDeadlines()
  const broken: Error[] = []
  let latest = NOW
  const clock = {
    seconds: NOW,
    now: () => clock.seconds,
    latest: () => latest,
    move: (seconds: number) => {
      clock.seconds += seconds
      latest = Math.max(latest, clock.seconds)
    },
  }
  const underWay: (() => void)[] = []
  const count = { loads: 0, newest: 0, foundAt: -Infinity }

  const newest = (): PublicCopy => copies[count.newest] as PublicCopy

  /** Decided when it is asked, whenever the answer comes. */
  function answerOf(answer: Answer): () => PublicCopy | undefined {
    switch (answer) {
      case 'newest':
      case 'older': {
        const copy = copies[Math.max(0, count.newest - (answer === 'older' ? 1 : 0))]
        const askedAt = clock.seconds
        return () => {
          count.foundAt = Math.max(count.foundAt, askedAt)
          // Each answer is read from storage anew.
          return structuredClone(copy)
        }
      }
      case 'missing':
        return () => undefined
      case 'fault':
        return () => raise(new Fault('storage_unavailable', 'it is down'))
      case 'error':
        return () => {
          const error = new TypeError('nobody expected this')
          broken.push(error)
          throw error
        }
      case 'corrupt':
        return () => raise(new Fault('document_corrupt', 'it cannot be read'))
    }
  }

  const storage: ScriptedStorage = {
    clock,
    deadline: deadlines.deadline,
    broken: () => broken,
    behaviour: { answer: 'newest', when: 'at once' },
    loads: () => count.loads,
    lastFoundAt: () => count.foundAt,
    newest,
    issuers: {
      stalenessSeconds: 0,
      load: async () => {
        count.loads += 1
        const { answer, when } = storage.behaviour
        const give = answerOf(answer)
        if (when === 'at once') return give()
        if (when === 'never') return new Promise(() => {})
        const { promise, resolve } = Promise.withResolvers<void>()
        underWay.push(resolve)
        await promise
        return give()
      },
    },
    publish: () => {
      count.newest = Math.min(count.newest + 1, copies.length - 1)
    },
    arrive: async (which) => {
      await aMoment()
      const [resolve] = underWay.splice(which % Math.max(1, underWay.length), 1)
      resolve?.()
      await aMoment()
    },
    settle: async (work) => {
      const state = { isSettled: false }
      const settled = (): void => {
        state.isSettled = true
      }
      void work.then(settled, settled)
      for (let turn = 1; turn <= 50 && !state.isSettled; turn += 1) {
        await aMoment()
        for (const milliseconds of WAITS_MS) deadlines.pass(milliseconds)
      }
      return work
    },
  }
  return storage
}

function raise(error: Error): never {
  throw error
}

/** Everything that waits for nothing but its turn has had it. */
function aMoment(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export type Read<T> = () => Promise<T>

/** Performs a step; what each reader of it got, in the order in which they got it. */
export async function performOn<T>(
  storage: ScriptedStorage,
  step: StorageStep,
  { read, refresh }: { readonly read: Read<T>; readonly refresh: () => void },
): Promise<T[]> {
  storage.clock.move(step.wait)
  switch (step.type) {
    case 'read': {
      storage.behaviour = step.behaviour
      const reads = Promise.all(Array.from({ length: step.readers }, read))
      if (!step.isOvertaken) return storage.settle(reads)
      await storage.arrive(0)
      const later = read()
      const inOrder: T[] = []
      const note = (got: T): void => {
        inOrder.push(got)
      }
      await storage.settle(Promise.all([later.then(note), reads.then((all) => all.forEach(note))]))
      return inOrder
    }
    case 'publish':
      storage.publish()
      return []
    case 'arrive':
      await storage.arrive(step.which)
      return []
    case 'refresh':
      refresh()
      return []
  }
}

/** Until when a document is served that storage had at its last answer. */
export function lastGoodEnd(storage: ScriptedStorage): number {
  return storage.lastFoundAt() + MEMORY_COPY_SECONDS + LAST_GOOD_SECONDS
}
