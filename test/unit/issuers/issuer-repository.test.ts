import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import {
  issuerIdOfKey,
  issuerKey,
  issuerRepository,
  type LoadedIssuer,
} from '../../../src/issuers/issuer-repository.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { anIssuer, aTombstone } from '../../support/fixtures.ts'

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

async function loaded(store: DocumentStore, id = 'prod'): Promise<LoadedIssuer> {
  const found = await issuerRepository(store).load(id)
  if (found === undefined) throw new Error(`there is no issuer ${id}`)
  return found
}

async function storeOf(ids: readonly string[]): Promise<DocumentStore> {
  const store = memoryStore()
  for (const id of ids) await issuerRepository(store).insert(anIssuer({ id }))
  return store
}

/** A store of the issuers `a`, `b` and `c` that rejects every read of one of them. */
async function storeFailingFor(id: string, error: Error): Promise<DocumentStore> {
  const store = await storeOf(['a', 'b', 'c'])
  const get: DocumentStore['get'] = (key) =>
    key === issuerKey(id) ? Promise.reject(error) : store.get(key)
  return { ...store, get }
}

describe('an issuer', () => {
  test('is there as it was written, and under its own key alone', async () => {
    const store = memoryStore()
    await issuerRepository(store).insert(anIssuer())
    expect((await loaded(store)).stored).toEqual(anIssuer())
    expect(await issuerRepository(store).load('test')).toBeUndefined()
    expect((await store.list({ prefix: '', limit: 10 })).keys).toEqual(['issuers/prod'])
  })

  test('has a key that says its id', () => {
    expect(issuerIdOfKey(issuerKey('eu-west-1'))).toBe('eu-west-1')
  })

  test('is inserted once', async () => {
    const store = memoryStore()
    const issuers = issuerRepository(store)
    expect(await issuers.insert(anIssuer())).toBe('written')
    expect(await issuers.insert(anIssuer({ writeNonce: 'nonce-other' }))).toBe('conflict')
    expect((await loaded(store)).stored.writeNonce).toBe('nonce-1')
  })

  test('is replaced by whoever loaded it last', async () => {
    const store = memoryStore()
    const issuers = issuerRepository(store)
    await issuers.insert(anIssuer())
    const [first, second] = [await loaded(store), await loaded(store)]
    expect(await issuers.replace(first, aTombstone())).toBe('written')
    expect(await issuers.replace(second, anIssuer({ writeNonce: 'late' }))).toBe('conflict')
    expect((await loaded(store)).stored).toEqual(aTombstone())
  })

  test('is not made by replacing one that is not there', async () => {
    const store = memoryStore()
    const ghost = { stored: anIssuer(), etag: '"1"' }
    expect(await issuerRepository(store).replace(ghost, anIssuer())).toBe('conflict')
    expect(await issuerRepository(store).load('prod')).toBeUndefined()
  })

  test('is a fault where its document cannot be read', async () => {
    const store = memoryStore()
    await store.put(issuerKey('prod'), '{}', { ifNoneMatch: '*' })
    await expect(issuerRepository(store).load('prod')).rejects.toMatchObject({
      code: 'document_corrupt',
    })
  })
})

describe('a write whose answer was lost', () => {
  test('is an insert that took effect', async () => {
    const store = memoryStore()
    expect(await issuerRepository(losingAnswers(store)).insert(anIssuer())).toBe('written')
    expect((await loaded(store)).stored).toEqual(anIssuer())
  })

  test('is a replacement that took effect', async () => {
    const store = memoryStore()
    await issuerRepository(store).insert(anIssuer())
    const before = await loaded(store)
    const issuers = issuerRepository(losingAnswers(store))
    expect(await issuers.replace(before, aTombstone())).toBe('written')
    expect((await loaded(store)).stored).toEqual(aTombstone())
  })

  test('is told from one that lost its race', async () => {
    const store = memoryStore()
    const winner = anIssuer({ writeNonce: 'nonce-winner' })
    await issuerRepository(store).insert(winner)
    expect(await issuerRepository(losingAnswers(store)).insert(anIssuer())).toBe('conflict')
    expect((await loaded(store)).stored).toEqual(winner)
  })

  test('is not guessed where the store does not answer at all', async () => {
    const down = new Fault('storage_unavailable', 'the store did not answer')
    const store = { ...memoryStore(), put: () => Promise.reject(down) }
    await expect(issuerRepository(store).insert(anIssuer())).rejects.toBe(down)
  })
})

describe('the list', () => {
  test('has every issuer once, page by page, in order of their ids', async () => {
    const issuers = issuerRepository(await storeOf(['c', 'a', 'e', 'b', 'd']))
    const pages: string[][] = []
    let after: string | undefined
    do {
      const page = await issuers.list({ after, limit: 2 })
      pages.push(page.issuers.map(({ id }) => id))
      after = page.next
    } while (after !== undefined && pages.length < 10)
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  test('says that there is no more where the last page is full', async () => {
    const page = await issuerRepository(await storeOf(['a', 'b'])).list({ limit: 2 })
    expect(page.next).toBeUndefined()
  })

  test('is empty where there is no issuer', async () => {
    const page = await issuerRepository(memoryStore()).list({ limit: 2 })
    expect(page).toEqual({ issuers: [], next: undefined })
  })

  test('names an issuer that cannot be read, and has the others', async () => {
    const store = await storeOf(['a', 'c'])
    await store.put(issuerKey('b'), '{"keyRef":"private-reference"}', { ifNoneMatch: '*' })
    const { issuers } = await issuerRepository(store).list({ limit: 10 })
    expect(issuers).toEqual([
      { id: 'a', stored: anIssuer({ id: 'a' }) },
      { id: 'b', problem: expect.stringContaining('issuer b cannot be read') },
      { id: 'c', stored: anIssuer({ id: 'c' }) },
    ])
    expect(JSON.stringify(issuers[1])).not.toContain('private-reference')
  })

  test('leaves out a key whose document is not there yet, and reads on behind it', async () => {
    const store = await storeOf(['a', 'c'])
    const early = { ...store, list: async () => ({ keys: ['issuers/a', 'issuers/b'], more: true }) }
    const page = await issuerRepository(early).list({ limit: 2 })
    expect(page.issuers.map(({ id }) => id)).toEqual(['a'])
    expect(page.next).toBe('b')
  })

  test('has only what is under its prefix', async () => {
    const store = await storeOf(['a'])
    await store.put('outbox/b', 'something else', { ifNoneMatch: '*' })
    const { issuers } = await issuerRepository(store).list({ limit: 10 })
    expect(issuers.map(({ id }) => id)).toEqual(['a'])
  })

  test('names an issuer for which the store does not answer, and has the others', async () => {
    const down = new Fault('storage_unavailable', 'the store did not answer for issuers/b')
    const { issuers } = await issuerRepository(await storeFailingFor('b', down)).list({ limit: 10 })
    expect(issuers).toEqual([
      { id: 'a', stored: anIssuer({ id: 'a' }) },
      { id: 'b', problem: 'the store did not answer for issuers/b' },
      { id: 'c', stored: anIssuer({ id: 'c' }) },
    ])
  })

  test('fails by a mistake of ours in one of them', async () => {
    const mistake = new TypeError('a mistake')
    const issuers = issuerRepository(await storeFailingFor('b', mistake))
    await expect(issuers.list({ limit: 10 })).rejects.toBe(mistake)
  })

  test('is a fault where the store does not say which issuers there are', async () => {
    const down = new Fault('storage_unavailable', 'the store did not answer')
    const store = { ...(await storeOf(['a'])), list: () => Promise.reject(down) }
    await expect(issuerRepository(store).list({ limit: 10 })).rejects.toBe(down)
  })
})
