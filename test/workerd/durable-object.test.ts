import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import {
  durableObjectStore,
  type DurableObjectStoreOptions,
} from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { describeDocumentStore } from '../contract/document-store.ts'
import { tombstoneBody } from '../support/workerd/stored-bodies.ts'

const KEY = 'issuers/prod'

/** The real objects under names of their own, so that each store begins without documents. */
function newObjects(): DurableObjectStoreOptions {
  const installation = crypto.randomUUID()
  return {
    documents: { getByName: (name) => env.DOCUMENTS.getByName(`${installation}/${name}`) },
    directory: { getByName: (name) => env.DIRECTORY.getByName(`${installation}/${name}`) },
  }
}

/** What an object keeps: values, tables and an alarm. */
async function keptBy(stub: object) {
  return runInDurableObject(stub, async (_, { storage }) => ({
    values: [...storage.kv.list()].map(([key]) => key),
    tables: storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray(),
    alarm: await storage.getAlarm(),
  }))
}

const failing = () =>
  Promise.reject(new Error('Durable Object reset because its code was updated.'))

const faultOf = (what: string) => ({
  code: 'storage_unavailable',
  message: `the Durable Object of ${what} did not answer`,
})

/** Counts how often a document's object and the directory are asked for a key. */
function countingObjects() {
  const objects = newObjects()
  const counts = { has: 0, get: 0 }
  const directory: DurableObjectStoreOptions['directory'] = {
    getByName: (name) => {
      const stub = objects.directory.getByName(name)
      return {
        add: (key) => stub.add(key),
        list: (request) => stub.list(request),
        has: (key) => {
          counts.has += 1
          return stub.has(key)
        },
      }
    },
  }
  const documents: DurableObjectStoreOptions['documents'] = {
    getByName: (name) => {
      const stub = objects.documents.getByName(name)
      return {
        put: (...request) => stub.put(...request),
        recopy: (key) => stub.recopy(key),
        get: () => {
          counts.get += 1
          return stub.get()
        },
      }
    },
  }
  return { documents, directory, counts }
}

const NOTHING = { values: [], tables: [], alarm: null }

describeDocumentStore('durable-object', () => durableObjectStore(newObjects()), tombstoneBody)

describe('durable-object: what reading leaves behind', () => {
  test('a get of an unknown document leaves its object empty', async () => {
    const objects = newObjects()
    expect(await durableObjectStore(objects).get(KEY)).toBeUndefined()
    expect(await keptBy(objects.documents.getByName(KEY))).toEqual(NOTHING)
    expect(await keptBy(objects.directory.getByName('directory'))).toEqual(NOTHING)
  })

  test('a refused replacement of an unknown document leaves its object empty', async () => {
    const objects = newObjects()
    const condition = { ifMatch: '"invented"' }
    await durableObjectStore(objects).put(KEY, tombstoneBody(KEY, 'one'), condition)
    expect(await keptBy(objects.documents.getByName(KEY))).toEqual(NOTHING)
  })

  test('a list of no documents makes no table', async () => {
    const objects = newObjects()
    await durableObjectStore(objects).list({ prefix: '', limit: 10 })
    expect(await keptBy(objects.directory.getByName('directory'))).toEqual(NOTHING)
  })
})

describe('durable-object: recopying', () => {
  test('has the object of a document deliver its copy', async () => {
    const store = durableObjectStore(newObjects())
    await store.put(KEY, tombstoneBody(KEY, 'one'), { ifNoneMatch: '*' })
    const copy = await env.PUBLIC_COPIES.get(KEY)
    await env.PUBLIC_COPIES.delete(KEY)
    await store.recopy?.(KEY)
    expect(await env.PUBLIC_COPIES.get(KEY)).toBe(copy)
  })

  test('of an unknown document leaves its object empty', async () => {
    const objects = newObjects()
    await durableObjectStore(objects).recopy?.(KEY)
    expect(await keptBy(objects.documents.getByName(KEY))).toEqual(NOTHING)
  })
})

describe('durable-object: the directory', () => {
  test('is asked for an unknown document, whose object is not', async () => {
    const { counts, ...objects } = countingObjects()
    const store = durableObjectStore(objects)
    for (let times = 1; times <= 2; times++) expect(await store.get(KEY)).toBeUndefined()
    expect(counts).toEqual({ has: 2, get: 0 })
    await durableObjectStore(objects).put(KEY, tombstoneBody(KEY, 'one'), { ifNoneMatch: '*' })
    expect((await store.get(KEY))?.body).toBe(tombstoneBody(KEY, 'one'))
  })

  test('is asked once for a document that is there, and not for one that was listed', async () => {
    const { counts, ...objects } = countingObjects()
    await durableObjectStore(objects).put(KEY, tombstoneBody(KEY, 'one'), { ifNoneMatch: '*' })
    const store = durableObjectStore(objects)
    for (let times = 1; times <= 3; times++) await store.get(KEY)
    expect(counts).toEqual({ has: 1, get: 3 })
    const lister = durableObjectStore(objects)
    await lister.list({ prefix: '', limit: 10 })
    await lister.get(KEY)
    expect(counts).toEqual({ has: 1, get: 4 })
  })

  test('is asked again for the oldest of very many documents, which is forgotten', async () => {
    const asked: string[] = []
    const store = durableObjectStore({
      documents: { getByName: () => ({ get: async () => null, put: failing, recopy: failing }) },
      directory: {
        getByName: () => ({
          add: failing,
          list: failing,
          has: async (key) => asked.push(key) > 0,
        }),
      },
    })
    const keys = Array.from({ length: 10_001 }, (_, n) => `issuers/${n}`)
    for (const key of keys) await store.get(key)
    for (const key of ['issuers/10000', 'issuers/1', 'issuers/0']) await store.get(key)
    expect(asked).toEqual([...keys, 'issuers/0'])
  })

  test('is not asked for a document that was created here', async () => {
    const { counts, ...objects } = countingObjects()
    const store = durableObjectStore(objects)
    await store.put(KEY, tombstoneBody(KEY, 'one'), { ifNoneMatch: '*' })
    await store.get(KEY)
    expect(counts).toEqual({ has: 0, get: 1 })
  })
})

describe('durable-object: what fails', () => {
  const failingDirectory = { getByName: () => ({ add: failing, has: failing, list: failing }) }
  const failingDocuments = { getByName: () => ({ get: failing, put: failing, recopy: failing }) }

  test('a directory that does not answer is a fault that says no more', async () => {
    const store = durableObjectStore({ documents: failingDocuments, directory: failingDirectory })
    const fault = faultOf('the directory')
    await expect(store.get(KEY)).rejects.toMatchObject(fault)
    await expect(store.put(KEY, 'one', { ifNoneMatch: '*' })).rejects.toMatchObject(fault)
    await expect(store.list({ prefix: '', limit: 10 })).rejects.toMatchObject(fault)
  })

  test('an object that does not answer is a fault that names its key', async () => {
    const { directory } = newObjects()
    const store = durableObjectStore({ documents: failingDocuments, directory })
    await expect(store.put(KEY, 'one', { ifNoneMatch: '*' })).rejects.toMatchObject(faultOf(KEY))
    await expect(store.put(KEY, 'one', { ifMatch: '"1"' })).rejects.toMatchObject(faultOf(KEY))
    await expect(store.get(KEY)).rejects.toMatchObject(faultOf(KEY))
    await expect(store.recopy?.(KEY)).rejects.toMatchObject(faultOf(KEY))
  })

  test('a document that the directory could not list is not written', async () => {
    const { documents } = newObjects()
    const store = durableObjectStore({ documents, directory: failingDirectory })
    const putting = store.put(KEY, tombstoneBody(KEY, 'one'), { ifNoneMatch: '*' })
    await expect(putting).rejects.toMatchObject(faultOf('the directory'))
    expect(await keptBy(documents.getByName(KEY))).toEqual(NOTHING)
  })
})
