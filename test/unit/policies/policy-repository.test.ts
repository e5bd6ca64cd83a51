import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { locationKey, locationOf } from '../../../src/locations/issuer-location.ts'
import {
  isPolicyKey,
  type LoadedPolicy,
  policyKey,
  policyRepository,
} from '../../../src/policies/policy-repository.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { aStoredPolicy } from '../../support/stored-policies.ts'

const FIRST = aStoredPolicy()
const SECOND = aStoredPolicy({ revision: 2, writeNonce: 'nonce-2' })

/** A client that writes, loses the answer, and tries the same write again. */
function losingAnswers(store: DocumentStore): DocumentStore {
  return {
    ...store,
    put: async (key, body, condition) => {
      await store.put(key, body, condition)
      return store.put(key, body, condition)
    },
  }
}

async function loaded(store: DocumentStore): Promise<LoadedPolicy> {
  const found = await policyRepository(store).load('prod')
  if (found === undefined) throw new Error('there is no policy')
  return found
}

/** Over `store`, and the ids that it hears of. */
function hearing(store: DocumentStore) {
  const heard: string[] = []
  return { policies: policyRepository(store, (id) => heard.push(id)), heard }
}

describe('the policy of an issuer', () => {
  test('is there as it was written, under a key of its own', async () => {
    const store = memoryStore()
    const { policies, heard } = hearing(store)
    expect(await policies.load('prod')).toBeUndefined()
    expect(await policies.put(undefined, FIRST)).toBe('written')
    expect((await loaded(store)).stored).toEqual(FIRST)
    expect(await policies.load('test')).toBeUndefined()
    expect((await store.list({ prefix: '', limit: 9 })).keys).toEqual(['policies/prod'])
    expect(heard).toEqual(['prod'])
  })

  test('is told from an issuer and from a claim by its key', () => {
    const keys = [
      policyKey('prod'),
      issuerKey('policies'),
      locationKey(locationOf('https://policies')),
    ]
    expect(keys.map(isPolicyKey)).toEqual([true, false, false])
  })

  test('is first set once', async () => {
    const store = memoryStore()
    const { policies, heard } = hearing(store)
    await policies.put(undefined, FIRST)
    expect(await policies.put(undefined, SECOND)).toBe('conflict')
    expect((await loaded(store)).stored).toEqual(FIRST)
    expect(heard).toEqual(['prod'])
  })

  test('is replaced by whoever loaded it last', async () => {
    const store = memoryStore()
    const { policies } = hearing(store)
    await policies.put(undefined, FIRST)
    const [one, other] = [await loaded(store), await loaded(store)]
    expect(await policies.put(one, SECOND)).toBe('written')
    expect(await policies.put(other, aStoredPolicy({ writeNonce: 'late' }))).toBe('conflict')
    expect((await loaded(store)).stored).toEqual(SECOND)
  })

  test('is a fault where it cannot be read, also for whoever would replace it', async () => {
    const store = memoryStore()
    await store.put(policyKey('prod'), '{}', { ifNoneMatch: '*' })
    const policies = policyRepository(store)
    await expect(policies.load('prod')).rejects.toMatchObject({ code: 'document_corrupt' })
    await expect(policies.put(undefined, FIRST)).rejects.toMatchObject({
      code: 'document_corrupt',
    })
  })
})

describe('a write whose answer was lost', () => {
  test('took effect, be it the first one or a replacement', async () => {
    const store = memoryStore()
    const { policies, heard } = hearing(losingAnswers(store))
    expect(await policies.put(undefined, FIRST)).toBe('written')
    expect(await policies.put(await loaded(store), SECOND)).toBe('written')
    expect((await loaded(store)).stored).toEqual(SECOND)
    expect(heard).toEqual(['prod', 'prod'])
  })

  test('is told from one that lost its race', async () => {
    const store = memoryStore()
    await policyRepository(store).put(undefined, aStoredPolicy({ writeNonce: 'winner' }))
    const { policies, heard } = hearing(losingAnswers(store))
    expect(await policies.put(undefined, FIRST)).toBe('conflict')
    expect((await loaded(store)).stored.writeNonce).toBe('winner')
    expect(heard).toEqual([])
  })

  test('is not guessed where the store does not answer at all', async () => {
    const down = new Fault('storage_unavailable', 'the store did not answer')
    const { policies, heard } = hearing({ ...memoryStore(), put: () => Promise.reject(down) })
    await expect(policies.put(undefined, FIRST)).rejects.toBe(down)
    expect(heard).toEqual([])
  })
})
