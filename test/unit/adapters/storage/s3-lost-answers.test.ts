/**
 * A put that took effect but whose answer was lost, from the issuers and the locations down to the wire: the SDK tries it
 * again, S3 answers that its condition does not hold, and who wrote finds itself in the document.
 */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { issuerRepository, type LoadedIssuer } from '../../../../src/issuers/issuer-repository.ts'
import { locationOf } from '../../../../src/locations/issuer-location.ts'
import { claimantOf, locationClaims } from '../../../../src/locations/location-claims.ts'
import type { DocumentStore } from '../../../../src/storage/document-store.ts'
import type { FakeFault } from '../../../support/aws/fake-service.ts'
import { type S3Fake, startS3Fake } from '../../../support/aws/s3-fake.ts'
import { heldDeadline, storeOver } from '../../../support/aws/s3-stores.ts'
import { anIssuer, aTombstone, NOW } from '../../../support/fixtures.ts'

const LOST_ANSWER: FakeFault = { type: 'lost_answer' }
const LOCATION = locationOf('https://oidc.example.com')
const TAKEN_OVER_AT = NOW + 600

let fake: S3Fake
let store: DocumentStore

beforeEach(async () => {
  // The SDK waits for a random part of a second before it tries again.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  fake = await startS3Fake()
  store = storeOver(fake, { deadline: heldDeadline().deadline })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await fake.close()
})

async function loaded(): Promise<LoadedIssuer> {
  const found = await issuerRepository(store).load('prod')
  if (found === undefined) throw new Error('there is no issuer prod')
  return found
}

/** The operations of `run`. */
async function callsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const before = fake.calls.length
  await run()
  return fake.calls.slice(before)
}

const claim = (id: string, now: number) =>
  locationClaims(store, issuerRepository(store)).claim(LOCATION, id, now)

describe('an issuer whose answer was lost', () => {
  test('is inserted', async () => {
    fake.inject('PutObject', LOST_ANSWER)
    const calls = await callsOf(async () => {
      expect(await issuerRepository(store).insert(anIssuer())).toBe('written')
    })
    expect(calls).toEqual(['PutObject', 'PutObject', 'GetObject'])
    expect((await loaded()).stored).toEqual(anIssuer())
  })

  test('is replaced', async () => {
    await issuerRepository(store).insert(anIssuer())
    const before = await loaded()
    fake.inject('PutObject', LOST_ANSWER)
    const calls = await callsOf(async () => {
      expect(await issuerRepository(store).replace(before, aTombstone())).toBe('written')
    })
    expect(calls).toEqual(['PutObject', 'PutObject', 'GetObject'])
    expect((await loaded()).stored).toEqual(aTombstone())
  })

  test('is not inserted where somebody else was', async () => {
    const winner = anIssuer({ writeNonce: 'nonce-winner' })
    await issuerRepository(store).insert(winner)
    fake.inject('PutObject', LOST_ANSWER)
    expect(await issuerRepository(store).insert(anIssuer())).toBe('conflict')
    expect((await loaded()).stored).toEqual(winner)
  })

  test('is not replaced where somebody else was faster', async () => {
    await issuerRepository(store).insert(anIssuer())
    const before = await loaded()
    const winner = anIssuer({ revision: 2, writeNonce: 'nonce-winner' })
    expect(await issuerRepository(store).replace(await loaded(), winner)).toBe('written')
    fake.inject('PutObject', LOST_ANSWER)
    expect(await issuerRepository(store).replace(before, aTombstone())).toBe('conflict')
    expect((await loaded()).stored).toEqual(winner)
  })
})

describe('a location whose answer was lost', () => {
  test('is claimed', async () => {
    fake.inject('PutObject', LOST_ANSWER)
    expect(await claim('prod', NOW)).toBeUndefined()
    expect(await claimantOf(store, LOCATION)).toBe('prod')
  })

  test('is taken over', async () => {
    await claim('older', NOW)
    // The claim finds another one, and its replacement is the second put.
    fake.inject('PutObject', LOST_ANSWER, 2)
    expect(await claim('prod', TAKEN_OVER_AT)).toBeUndefined()
    expect(await claimantOf(store, LOCATION)).toBe('prod')
  })

  test("is somebody else's who claimed it", async () => {
    await claim('winner', NOW)
    fake.inject('PutObject', LOST_ANSWER)
    expect(await claim('prod', NOW)).toEqual({ id: 'winner', state: 'unfinished' })
    expect(await claimantOf(store, LOCATION)).toBe('winner')
  })

  test("is somebody else's who took it over", async () => {
    await claim('older', NOW)
    // The winner is faster than the replacement that follows the first read of the claim.
    const meanwhile = [
      async () => {
        await claim('winner', TAKEN_OVER_AT)
        fake.inject('PutObject', LOST_ANSWER)
      },
    ]
    const slow: DocumentStore = {
      ...store,
      get: async (key) => {
        const found = await store.get(key)
        await meanwhile.pop()?.()
        return found
      },
    }
    const claims = locationClaims(slow, issuerRepository(store))
    const holder = await claims.claim(LOCATION, 'prod', TAKEN_OVER_AT)
    expect(holder).toEqual({ id: 'winner', state: 'unfinished' })
    expect(await claimantOf(store, LOCATION)).toBe('winner')
  })
})
