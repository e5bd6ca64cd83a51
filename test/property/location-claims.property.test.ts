/**
 * Who has a location, whatever creations run beside each other, fail half-way, are repeated, or come after a deletion.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import type { IssuerOperations } from '../../src/control/issuer-operations.ts'
import { Fault } from '../../src/errors.ts'
import type { StoredIssuer } from '../../src/issuers/issuer-document.ts'
import { type IssuerLocation, locationOf } from '../../src/locations/issuer-location.ts'
import { issuerRepository } from '../../src/issuers/issuer-repository.ts'
import { claimantOf } from '../../src/locations/location-claims.ts'
import { UNFINISHED_CLAIM_SECONDS } from '../../src/limits.ts'
import { publicIssuersFromDocuments } from '../../src/reading/public-issuers.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { operators } from '../support/fixtures.ts'
import { scheduledStore } from '../support/property-scheduling.ts'

const PUBLIC_URL = 'https://oidc.example.com'
const IDS = ['a', 'b', 'c'] as const
/** `undefined`: below the installation's own URL. Two of them are one location. */
const URLS = [
  undefined,
  `${PUBLIC_URL}/a`,
  'https://own.example.com/x',
  'https://OWN.example.com/x',
  'https://own.example.com',
] as const

interface Creation {
  readonly type: 'create'
  readonly id: string
  readonly url: string | undefined
  /** What happens to its write of the issuer. */
  readonly end: 'answered' | 'failed' | 'answer lost'
}
interface Deletion {
  readonly type: 'delete'
  readonly id: string
}
/** What runs at once, after so long. */
interface Wave {
  readonly wait: number
  readonly operations: readonly (Creation | Deletion)[]
}

/** Mostly two ids that want one URL. */
const anyId = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...IDS.slice(0, 2)) },
  fc.constantFrom(...IDS),
)
const anyUrl = fc.oneof({ weight: 3, arbitrary: fc.constant(URLS[2]) }, fc.constantFrom(...URLS))
const anyEnd = fc.constantFrom('answered' as const, 'failed' as const, 'answer lost' as const)
const creation: fc.Arbitrary<Creation> = fc.record({
  type: fc.constant('create' as const),
  id: anyId,
  url: anyUrl,
  end: anyEnd,
})
const deletion: fc.Arbitrary<Deletion> = fc.record({
  type: fc.constant('delete' as const),
  id: anyId,
})
const wave: fc.Arbitrary<Wave> = fc.record({
  wait: fc.constantFrom(
    0,
    1,
    UNFINISHED_CLAIM_SECONDS - 1,
    UNFINISHED_CLAIM_SECONDS,
    2 * UNFINISHED_CLAIM_SECONDS,
  ),
  operations: fc.array(fc.oneof({ weight: 8, arbitrary: creation }, deletion), {
    minLength: 1,
    maxLength: 4,
  }),
})
const waves = fc.array(wave, { minLength: 1, maxLength: 4, size: 'max' })

/** A store whose writes of issuers end so. */
function endingSo(store: DocumentStore, end: Creation['end']): DocumentStore {
  return {
    ...store,
    put: async (key, body, condition) => {
      const fails = end !== 'answered' && key.startsWith('issuers/')
      if (fails && end === 'failed') throw new Fault('storage_unavailable', 'it is down')
      const outcome = await store.put(key, body, condition)
      if (fails) throw new Fault('storage_unavailable', 'the answer was lost')
      return outcome
    },
  }
}

interface World {
  readonly store: DocumentStore
  readonly at: (store: DocumentStore) => IssuerOperations
  readonly wait: (seconds: number) => void
}

function newWorld(): World {
  const store = memoryStore()
  let waited = 0
  return {
    store,
    at: (own) => {
      const { operations, wait } = operators({ store: own, publicUrl: PUBLIC_URL })
      wait(waited)
      return operations
    },
    wait: (seconds) => {
      waited += seconds
    },
  }
}

/** An issuer of before there were claims. */
async function olderThanClaims({ store, at }: World, id: string): Promise<void> {
  const withoutClaims: DocumentStore = {
    ...store,
    put: async (key, ...rest) => {
      return key.startsWith('issuers/') ? store.put(key, ...rest) : 'written'
    },
  }
  await at(withoutClaims).create({ id, settings: { custody: 'none' } })
}

async function allStored({ store }: World): Promise<StoredIssuer[]> {
  const { issuers } = await issuerRepository(store).list({ limit: 100 })
  return issuers.flatMap((each) => ('stored' in each ? [each.stored] : []))
}

/** Runs the waves; `look` sees the world after each. */
async function run(
  scheduler: fc.Scheduler,
  history: readonly Wave[],
  look: (world: World) => Promise<void>,
  prepare: (world: World) => Promise<void> = async () => {},
): Promise<World> {
  const world = newWorld()
  await prepare(world)
  for (const { wait, operations } of history) {
    world.wait(wait)
    const running = operations.map(async (operation, index) => {
      const end = operation.type === 'create' ? operation.end : 'answered'
      const name = `${operation.type} ${index + 1}`
      const store = scheduledStore(endingSo(world.store, end), scheduler, { name })
      const operator = world.at(store)
      const { id } = operation
      return operation.type === 'create'
        ? operator.create({ id, issuer: operation.url, settings: { custody: 'none' } })
        : operator.delete(id, undefined, undefined)
    })
    await scheduler.waitFor(Promise.allSettled(running))
    await look(world)
  }
  return world
}

describe('locations, in whatever order creations and deletions run', () => {
  test('are each of one issuer or tombstone, which keeps it for ever', async () => {
    const property = fc.asyncProperty(fc.scheduler(), waves, async (scheduler, history) => {
      const holders = new Map<IssuerLocation, string>()
      await run(scheduler, history, async (world) => {
        const stored = await allStored(world)
        const locations = stored.map(({ issuer }) => locationOf(issuer))
        expect(new Set(locations).size).toBe(locations.length)
        for (const { id, issuer } of stored) {
          const location = locationOf(issuer)
          expect(await claimantOf(world.store, location)).toBe(id)
          expect(holders.get(location) ?? id).toBe(id)
          holders.set(location, id)
        }
        expect(new Set(holders.values()).size).toBe(stored.length)
      })
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('are taken over by one alone, also where whoever failed tries again', async () => {
    const url = URLS[2]
    const failing: Wave = { wait: 0, operations: [{ type: 'create', id: 'a', url, end: 'failed' }] }
    const again = fc.subarray<Creation>(
      ['a', 'a', 'b', 'c'].map((id) => ({ type: 'create', id, url, end: 'answered' })),
      { minLength: 2 },
    )
    const property = fc.asyncProperty(fc.scheduler(), again, async (scheduler, operations) => {
      const history = [failing, { wait: UNFINISHED_CLAIM_SECONDS, operations }]
      const world = await run(scheduler, history, async () => {})
      expect((await allStored(world)).map(({ issuer }) => issuer)).toEqual([url])
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('are not given to another where their issuer is older than claims are', async () => {
    const oldId = fc.constantFrom(...IDS)
    const property = fc.asyncProperty(
      fc.scheduler(),
      oldId,
      waves,
      async (scheduler, id, history) => {
        const own = `${PUBLIC_URL}/${id}`
        const prepare = (world: World): Promise<void> => olderThanClaims(world, id)
        const wanting: Wave = {
          wait: 0,
          operations: [{ type: 'create', id: 'new', url: own, end: 'answered' }],
        }
        const world = await run(scheduler, [...history, wanting], async () => {}, prepare)
        const there = (await allStored(world)).filter(
          ({ issuer }) => locationOf(issuer) === locationOf(own),
        )
        expect(there).toMatchObject([{ id }])
      },
    )
    await fc.assert(property)
  })

  test('find their issuers, by their URLs', async () => {
    const property = fc.asyncProperty(fc.scheduler(), waves, async (scheduler, history) => {
      const world = await run(scheduler, history, async () => {})
      const published = publicIssuersFromDocuments(world.store)
      for (const { id, issuer, kind } of await allStored(world)) {
        expect(await published.load(locationOf(issuer))).toMatchObject({ id, issuer, kind })
      }
    })
    await fc.assert(property)
  })

  test('that nobody got are free after the stated time, for whoever comes', async () => {
    const property = fc.asyncProperty(fc.scheduler(), waves, async (scheduler, history) => {
      const world = await run(scheduler, history, async () => {})
      world.wait(UNFINISHED_CLAIM_SECONDS)
      const taken = new Set((await allStored(world)).map(({ issuer }) => locationOf(issuer)))
      const operator = world.at(world.store)
      for (const [index, url = `${PUBLIC_URL}/b`] of URLS.entries()) {
        const location = locationOf(url)
        const request = { id: `new-${index}`, issuer: url, settings: { custody: 'none' as const } }
        const created = await operator.create(request)
        expect(created.ok).toBe(!taken.has(location))
        taken.add(location)
      }
    })
    await fc.assert(property)
  })

  test('that a failed creation claimed are nobody else’s before the stated time', async () => {
    const failed = fc.record({ id: anyId, url: anyUrl, end: fc.constant('failed' as const) })
    const wait = fc.nat({ max: UNFINISHED_CLAIM_SECONDS - 1 })
    const property = fc.asyncProperty(failed, wait, async ({ id, url, end }, seconds) => {
      const world = newWorld()
      const settings = { custody: 'none' as const }
      const failing = world.at(endingSo(world.store, end))
      await expect(failing.create({ id, issuer: url, settings })).rejects.toThrow('it is down')
      world.wait(seconds)
      const issuer = url ?? `${PUBLIC_URL}/${id}`
      const operator = world.at(world.store)
      expect(await operator.create({ id: 'other', issuer, settings })).toMatchObject({
        ok: false,
        refusal: { reason: 'issuer_exists' },
      })
      expect(await operator.create({ id, issuer, settings })).toMatchObject({ ok: true })
    })
    await fc.assert(property)
  })
})
