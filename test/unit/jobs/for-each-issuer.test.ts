import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault, FAULT_CODES } from '../../../src/errors.ts'
import {
  forEachIssuer,
  ISSUERS_AT_ONCE,
  JOB_SECONDS_MAX,
  LISTED_AT_ONCE,
  STORAGE_FAILURES_MAX,
  type Walk,
} from '../../../src/jobs/for-each-issuer.ts'
import type { ListRequest } from '../../../src/storage/document-store.ts'
import { NOW } from '../../support/fixtures.ts'

/** A store with these issuers, and things that are none. */
async function storeWith(ids: readonly string[]) {
  const store = memoryStore()
  const keys = ['a-thing', 'locations/a', ...ids.map((id) => `issuers/${id}`), 'z-thing']
  for (const key of keys) await store.put(key, '{}', { ifNoneMatch: '*' })
  const asked: ListRequest[] = []
  const documents: Walk['documents'] = {
    list: async (request) => {
      asked.push(request)
      return store.list(request)
    },
  }
  return { documents, asked }
}

const STILL: Walk['clock'] = { now: () => NOW }

function noting(visited: string[]) {
  return async (id: string) => {
    visited.push(id)
    return undefined
  }
}

/** `01`, `02`, … */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(4, '0'))
}

test.each<[random: number, order: string]>([
  [0, 'a b c d e f'],
  [0.16, 'a b c d e f'],
  [0.17, 'b c d e f a'],
  [0.5, 'd e f a b c'],
  [0.999, 'f a b c d e'],
])('begins at a random issuer and goes round: %d', async (random, order) => {
  const { documents } = await storeWith(['a', 'b', 'c', 'd', 'e', 'f'])
  const visited: string[] = []
  const unvisited = await forEachIssuer(
    { documents, clock: STILL, random: () => random },
    noting(visited),
  )
  expect([visited.join(' '), unvisited]).toEqual([order, 0])
})

test('begins elsewhere each time, by itself', async () => {
  const { documents } = await storeWith(numbered(100))
  const firsts = new Set<string>()
  for (let run = 1; run <= 20; run += 1) {
    const visited: string[] = []
    await forEachIssuer({ documents, clock: STILL }, noting(visited))
    firsts.add(visited[0] ?? '')
    expect(visited.toSorted()).toEqual(numbered(100))
  }
  // That twenty of a hundred are fewer than five happens once in 10^17 times.
  expect(firsts.size).toBeGreaterThan(4)
})

test.each([0, 1, LISTED_AT_ONCE, LISTED_AT_ONCE + 1, 2 * LISTED_AT_ONCE + 3])(
  'reaches each of %d issuers once, page by page',
  async (count) => {
    const { documents, asked } = await storeWith(numbered(count))
    const visited: string[] = []
    const visit = async (id: string) => void visited.push(id)
    expect(await forEachIssuer({ documents, clock: STILL }, visit)).toBe(0)
    expect(visited.toSorted()).toEqual(numbered(count))
    expect(asked).toHaveLength(Math.max(1, Math.ceil(count / LISTED_AT_ONCE)))
    expect(asked.every(({ prefix }) => prefix === 'issuers/')).toBe(true)
  },
)

test('visits a few at once: one that ends makes room for one', async () => {
  const { documents } = await storeWith(numbered(10))
  const held: PromiseWithResolvers<undefined>[] = []
  const walking = forEachIssuer({ documents, clock: STILL }, () => {
    const visit = Promise.withResolvers<undefined>()
    held.push(visit)
    return visit.promise
  })
  for (let ended = 0; ended < 10; ended += 1) {
    const begun = Math.min(10, ended + ISSUERS_AT_ONCE)
    await vi.waitUntil(() => held.length >= begun, { interval: 1 })
    // Whatever would be begun too early is begun by then.
    await setImmediate()
    expect(held).toHaveLength(begun)
    held[ended]?.resolve(undefined)
  }
  expect(await walking).toBe(0)
})

test('begins no issuer when the time is over, and says how many are left', async () => {
  const { documents } = await storeWith(numbered(100))
  const clock = { seconds: NOW, now: () => clock.seconds }
  const visited: string[] = []
  const unvisited = await forEachIssuer({ documents, clock }, async (id) => {
    visited.push(id)
    clock.seconds += 60
    return undefined
  })
  // A minute an issuer, and those that are under way at the end are ended.
  expect(clock.seconds - NOW).toBeGreaterThanOrEqual(JOB_SECONDS_MAX)
  expect(visited.length).toBeGreaterThanOrEqual(10)
  expect(visited.length).toBeLessThan(10 + ISSUERS_AT_ONCE)
  expect(unvisited).toBe(100 - visited.length)
})

test('runs that are cut short reach everybody in time', async () => {
  const { documents } = await storeWith(numbered(40))
  const reached = new Set<string>()
  for (let run = 0; run < 10; run += 1) {
    const clock = { seconds: NOW, now: () => clock.seconds }
    const random = () => run / 10
    await forEachIssuer({ documents, clock, random }, async (id) => {
      reached.add(id)
      clock.seconds += JOB_SECONDS_MAX / 4
      return undefined
    })
  }
  expect(reached.size).toBe(40)
})

describe('storage that does not answer', () => {
  const DOWN = 'storage_unavailable'

  test('ends the walk after eight issuers in a row, and those under way', async () => {
    const { documents } = await storeWith(numbered(100))
    let visits = 0
    const unvisited = await forEachIssuer({ documents, clock: STILL }, async () => {
      visits += 1
      return visits > 20 ? DOWN : undefined
    })
    expect(STORAGE_FAILURES_MAX).toBe(8)
    expect(visits).toBeGreaterThanOrEqual(28)
    expect(visits).toBeLessThan(28 + ISSUERS_AT_ONCE)
    expect(unvisited).toBe(100 - visits)
  })

  test('now and then ends nothing', async () => {
    const { documents } = await storeWith(numbered(100))
    let visits = 0
    const unvisited = await forEachIssuer({ documents, clock: STILL }, async () => {
      visits += 1
      return visits % 8 === 0 ? undefined : DOWN
    })
    expect([visits, unvisited]).toEqual([100, 0])
  })

  test('ends it also where one that was under way ends well', async () => {
    const { documents } = await storeWith(numbered(100))
    const first = Promise.withResolvers<undefined>()
    let visits = 0
    const walking = forEachIssuer({ documents, clock: STILL }, async () => {
      visits += 1
      return visits === 1 ? first.promise : DOWN
    })
    await setImmediate()
    const before = visits
    first.resolve(undefined)
    expect([await walking, visits]).toEqual([100 - before, before])
  })

  test.each([...FAULT_CODES.filter((code) => code !== DOWN), 'internal' as const])(
    'is not what fails by %s',
    async (code) => {
      const { documents } = await storeWith(numbered(30))
      expect(await forEachIssuer({ documents, clock: STILL }, async () => code)).toBe(0)
    },
  )
})

test('rejects where it cannot be told which issuers there are', async () => {
  const fault = new Fault('storage_unavailable', 'the store is down')
  const documents = { list: () => Promise.reject(fault) }
  const visited: string[] = []
  const walking = forEachIssuer({ documents, clock: STILL }, noting(visited))
  await expect(walking).rejects.toBe(fault)
  expect(visited).toEqual([])
})
