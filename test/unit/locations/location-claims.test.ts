import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { locationKey, locationOf } from '../../../src/locations/issuer-location.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import {
  formatLocationClaim,
  parseLocationClaim,
} from '../../../src/locations/location-claim-codec.ts'
import {
  claimantOf,
  type LocationHolder,
  locationClaims,
} from '../../../src/locations/location-claims.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { anIssuer, aTombstone, NOW } from '../../support/fixtures.ts'

const ROOT = locationOf('https://oidc.example.com')
const KEY = locationKey(ROOT)
const AT_ROOT = { issuer: 'https://oidc.example.com' }

/** A store with these issuers, and with the claim of the root by issuer `prod`. */
async function claimedStore(...stored: readonly StoredIssuer[]): Promise<DocumentStore> {
  const store = memoryStore()
  for (const each of stored) await issuerRepository(store).insert(each)
  await claimOn(store, 'prod', NOW)
  return store
}

function claimOn(
  store: DocumentStore,
  id: string,
  now: number,
  location = ROOT,
): Promise<LocationHolder | undefined> {
  return locationClaims(store, issuerRepository(store)).claim(location, id, now)
}

/** Does something else before the first replacement. */
function interrupted(store: DocumentStore, act: () => Promise<unknown>): DocumentStore {
  let pending: (() => Promise<unknown>) | undefined = act
  return {
    ...store,
    put: async (key, body, condition) => {
      const once = 'ifMatch' in condition ? pending : undefined
      if (once !== undefined) pending = undefined
      await once?.()
      return store.put(key, body, condition)
    },
  }
}

describe('a location', () => {
  test('is claimed for its issuer, and found by it', async () => {
    const store = await claimedStore()
    expect((await store.list({ prefix: '', limit: 9 })).keys).toEqual([
      'locations/oidc.example.com',
    ])
    expect(await claimantOf(store, ROOT)).toBe('prod')
    expect(await claimantOf(store, locationOf('https://oidc.example.com/prod'))).toBeUndefined()
  })

  test('is claimed twice for one issuer as once', async () => {
    const store = await claimedStore()
    const before = await store.get(KEY)
    expect(await claimOn(store, 'prod', NOW)).toBeUndefined()
    expect(await store.get(KEY)).toEqual(before)
  })

  test("is nobody else's for ten minutes more when a creation is repeated", async () => {
    const store = await claimedStore()
    expect(await claimOn(store, 'prod', NOW + 599)).toBeUndefined()
    const holder = { id: 'prod', state: 'unfinished' }
    expect(await claimOn(store, 'other', NOW + 600)).toEqual(holder)
    expect(await claimOn(store, 'other', NOW + 1198)).toEqual(holder)
    expect(await claimOn(store, 'other', NOW + 1199)).toBeUndefined()
  })

  test('is claimed again by each of two creations that are repeated at once', async () => {
    const store = await claimedStore()
    const slow = interrupted(store, () => claimOn(store, 'prod', NOW + 9))
    expect(await claimOn(slow, 'prod', NOW + 10)).toBeUndefined()
    expect(await claimantOf(store, ROOT)).toBe('prod')
  })

  test('is not claimed again where somebody took it over meanwhile', async () => {
    const store = await claimedStore()
    const slow = interrupted(store, () => claimOn(store, 'faster', NOW + 600))
    expect(await claimOn(slow, 'prod', NOW + 600)).toMatchObject({ state: 'unfinished' })
    expect(await claimantOf(store, ROOT)).toBe('faster')
  })

  test('is claimed where the answer to the claim was lost', async () => {
    const store = memoryStore()
    const forgetful: DocumentStore = {
      ...store,
      put: async (key, body, condition) => {
        await store.put(key, body, condition)
        return store.put(key, body, condition)
      },
    }
    expect(await claimOn(forgetful, 'prod', NOW)).toBeUndefined()
    expect(await claimantOf(store, ROOT)).toBe('prod')
  })

  test('is of one of many who claim it at once', async () => {
    const store = memoryStore()
    const ids = ['a', 'b', 'c', 'd', 'e']
    const holders = await Promise.all(ids.map((id) => claimOn(store, id, NOW)))
    const winner = await claimantOf(store, ROOT)
    expect(ids.filter((_, index) => holders[index] === undefined)).toEqual([winner])
    const losers = holders.filter((holder) => holder !== undefined)
    expect(losers).toEqual(losers.map(() => ({ id: winner, state: 'unfinished' })))
    expect(losers).toHaveLength(4)
  })

  test('is of one of many who take it over at once', async () => {
    const store = await claimedStore()
    const ids = ['a', 'b', 'c']
    const holders = await Promise.all(ids.map((id) => claimOn(store, id, NOW + 600)))
    const winner = await claimantOf(store, ROOT)
    expect(ids.filter((_, index) => holders[index] === undefined)).toEqual([winner])
    expect(ids).toContain(winner)
  })
})

describe('the holder of a location', () => {
  test.each<[string, readonly StoredIssuer[], number, LocationHolder['state'] | undefined]>([
    ['is live', [anIssuer(AT_ROOT)], NOW, 'live'],
    ['is live for ever', [anIssuer(AT_ROOT)], NOW + 1e9, 'live'],
    [
      'is live also where it writes its host in capitals',
      [anIssuer({ issuer: 'https://OIDC.example.com' })],
      NOW + 1e9,
      'live',
    ],
    ['is deleted', [aTombstone(AT_ROOT)], NOW, 'deleted'],
    ['is deleted for ever', [aTombstone(AT_ROOT)], NOW + 1e9, 'deleted'],
    ['is unfinished', [], NOW, 'unfinished'],
    ['is unfinished for ten minutes', [], NOW + 599, 'unfinished'],
    ['is nobody from then on', [], NOW + 600, undefined],
    ['is unfinished where its id is elsewhere', [anIssuer()], NOW + 599, 'unfinished'],
    ['is nobody in the end where its id is elsewhere', [anIssuer()], NOW + 600, undefined],
  ])('%s', async (_title, stored, now, state) => {
    const store = await claimedStore(...stored)
    const before = await store.get(KEY)
    const holder = state === undefined ? undefined : { id: 'prod', state }
    expect(await claimOn(store, 'other', now)).toEqual(holder)
    expect(await claimantOf(store, ROOT)).toBe(state === undefined ? 'other' : 'prod')
    expect((await store.get(KEY))?.etag === before?.etag).toBe(state !== undefined)
  })

  test.each<[string, StoredIssuer, LocationHolder]>([
    ['is live', anIssuer(), { id: 'prod', state: 'live' }],
    ['is deleted', aTombstone(), { id: 'prod', state: 'deleted' }],
  ])('at a default location that was never claimed %s', async (_title, stored, holder) => {
    const store = memoryStore()
    await issuerRepository(store).insert(stored)
    const location = locationOf('https://oidc.example.com/prod')
    expect(await claimOn(store, 'other', NOW + 1e9, location)).toEqual(holder)
    expect(await store.get(locationKey(location))).toBeUndefined()
    expect(await claimOn(store, 'prod', NOW, location)).toBeUndefined()
  })

  test('is no issuer of that id at another host', async () => {
    const store = memoryStore()
    await issuerRepository(store).insert(anIssuer())
    const elsewhere = locationOf('https://x.example/prod')
    expect(await claimOn(store, 'other', NOW, elsewhere)).toBeUndefined()
  })
})

describe('a claim that is taken over', () => {
  test('is young again', async () => {
    const store = await claimedStore()
    await claimOn(store, 'other', NOW + 600)
    expect(await claimOn(store, 'third', NOW + 1199)).toEqual({ id: 'other', state: 'unfinished' })
    expect(await claimOn(store, 'third', NOW + 1200)).toBeUndefined()
  })

  test('is not, where somebody else was faster', async () => {
    const store = await claimedStore()
    const slow = interrupted(store, () => claimOn(store, 'faster', NOW + 600))
    expect(await claimOn(slow, 'slow', NOW + 600)).toMatchObject({ state: 'unfinished' })
    expect(await claimantOf(store, ROOT)).toBe('faster')
  })
})

describe('a claim that cannot be read', () => {
  const good = formatLocationClaim({ location: ROOT, id: 'prod', claimedAt: NOW })

  test('is read as it was written', () => {
    expect(parseLocationClaim(ROOT, good)).toEqual({ location: ROOT, id: 'prod', claimedAt: NOW })
    expect(good).toBe(`{"version":1,"location":"oidc.example.com","id":"prod","claimedAt":${NOW}}`)
  })

  test.each([
    ['refuses what is no JSON', good.slice(1)],
    ['refuses the claim of another location', good.replace('oidc', 'other')],
    ['refuses another version', good.replace('"version":1', '"version":2')],
    ['refuses an unknown member', good.replace('{', '{"extra":1,')],
    ['refuses no id', good.replace('"id":"prod"', '"id":""')],
    ['refuses a moment before all others', good.replace(String(NOW), '-1')],
    ['refuses a moment in words', good.replace(String(NOW), '"now"')],
    ['refuses null', 'null'],
  ])('%s, and gives the location to nobody', async (_title, body) => {
    const store = memoryStore()
    await store.put(KEY, body, { ifNoneMatch: '*' })
    const fault = {
      code: 'document_corrupt',
      message:
        'the claim of the location oidc.example.com cannot be read: restore it from a backup',
    }
    await expect(claimOn(store, 'other', NOW + 1e9)).rejects.toMatchObject(fault)
    await expect(claimantOf(store, ROOT)).rejects.toMatchObject(fault)
    expect((await store.get(KEY))?.body).toBe(body)
  })

  test('fails where the store does not answer', async () => {
    const down = new Fault('storage_unavailable', 'the store did not answer')
    const store = { ...memoryStore(), put: () => Promise.reject(down) }
    await expect(claimOn(store, 'prod', NOW)).rejects.toBe(down)
  })
})
