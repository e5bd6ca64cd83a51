/**
 * What every document store does: the contract suite of the port `DocumentStore`.
 *
 * It asks for nothing that the port does not promise: an etag may be a hash of the body, and each key has at least
 * nine characters of ASCII.
 */

import { describe, expect, test } from 'vitest'
import type { DocumentStore, StoredDocument } from '../../src/storage/document-store.ts'
import { describeDocumentList } from './document-list.ts'

/** A document that says `text` under `key`, for stores that take documents of one kind alone. */
export type BodyOf = (key: string, text: string) => string

const KEY = 'issuers/prod'
const RACERS = Array.from({ length: 10 }, (_, n) => `racer ${n}`)

export function describeDocumentStore(
  name: string,
  /** A store without documents. */
  makeStore: () => DocumentStore | Promise<DocumentStore>,
  bodyOf: BodyOf = (_key, text) => text,
): void {
  const create = (store: DocumentStore, key: string, text: string) =>
    store.put(key, bodyOf(key, text), { ifNoneMatch: '*' })
  const replace = (store: DocumentStore, etag: string, text: string) =>
    store.put(KEY, bodyOf(KEY, text), { ifMatch: etag })

  async function storeWith(...keys: readonly string[]): Promise<DocumentStore> {
    const store = await makeStore()
    for (const key of keys) expect(await create(store, key, `text of ${key}`)).toBe('written')
    return store
  }

  describe(`document store ${name}: one document`, () => {
    test('is not there before it is written', async () => {
      expect(await (await makeStore()).get(KEY)).toBeUndefined()
    })

    test('is created where there is none', async () => {
      const store = await makeStore()
      expect(await create(store, KEY, 'one')).toBe('written')
      expect((await read(store, KEY)).body).toBe(bodyOf(KEY, 'one'))
    })

    test('is not created twice, and stays what it was', async () => {
      const store = await storeWith(KEY)
      const before = await read(store, KEY)
      expect(await create(store, KEY, 'two')).toBe('conflict')
      expect(await store.get(KEY)).toEqual(before)
    })

    test('is replaced by who has read it', async () => {
      const store = await storeWith(KEY)
      expect(await replace(store, (await read(store, KEY)).etag, 'two')).toBe('written')
      expect((await read(store, KEY)).body).toBe(bodyOf(KEY, 'two'))
    })

    test('is not replaced by who has read an older one', async () => {
      const store = await storeWith(KEY)
      const { etag } = await read(store, KEY)
      await replace(store, etag, 'two')
      const present = await read(store, KEY)
      expect(await replace(store, etag, 'three')).toBe('conflict')
      expect(await store.get(KEY)).toEqual(present)
    })

    test.each([['"invented"'], [''], ['*'], ['undefined']])(
      'is not replaced under the etag %j that it never had',
      async (etag) => {
        const store = await storeWith(KEY)
        const before = await read(store, KEY)
        expect(await replace(store, etag, 'two')).toBe('conflict')
        expect(await store.get(KEY)).toEqual(before)
      },
    )

    test('is not made by a replacement, also under the etag of another document', async () => {
      const store = await storeWith('issuers/other')
      const { etag } = await read(store, 'issuers/other')
      expect(await replace(store, etag, 'one')).toBe('conflict')
      expect(await store.get(KEY)).toBeUndefined()
    })

    test('has another etag after each change', async () => {
      const store = await storeWith(KEY)
      const etags = [(await read(store, KEY)).etag]
      for (const text of ['two', 'three', 'four', 'five']) {
        await replace(store, etags.at(-1) ?? '', text)
        etags.push((await read(store, KEY)).etag)
      }
      expect(new Set(etags).size).toBe(5)
    })

    test('keeps its etag while it is read', async () => {
      const store = await storeWith(KEY)
      const first = await read(store, KEY)
      await store.list({ prefix: '', limit: 10 })
      expect(await store.get(KEY)).toEqual(first)
      expect(await replace(store, first.etag, 'two')).toBe('written')
    })

    test('is a snapshot once it was returned', async () => {
      const store = await storeWith(KEY)
      const returned = await read(store, KEY)
      const copy = structuredClone(returned)
      await replace(store, returned.etag, 'two')
      expect(returned).toEqual(copy)
    })

    test.each([
      ['nothing', ''],
      ['letters of the world', 'Zürich, 東京, e\u0301, 🔑, \u{10ffff}'],
      ['control characters', ' \0\u0001\t\r\n\u2028\u007f '],
      ['what other languages quote', `'"\\;--%_$\{x}</script>`],
      ['300 KB', 'é🔑x-'.repeat(30_000)],
    ])('comes back byte for byte: %s', async (_, text) => {
      const store = await makeStore()
      expect(await create(store, KEY, text)).toBe('written')
      const { body, etag } = await read(store, KEY)
      expect(body === bodyOf(KEY, text)).toBe(true)
      expect(await replace(store, etag, `${text}.`)).toBe('written')
      expect((await read(store, KEY)).body === bodyOf(KEY, `${text}.`)).toBe(true)
    })

    test('is found under its own key alone', async () => {
      const keys = ['pro', 'prod', 'prod-2', 'prod/x', 'PROD', 'prod.', 'pr%d', 'pr_d']
      const store = await storeWith(...keys.map((id) => `issuers/${id}`))
      for (const id of keys) {
        const key = `issuers/${id}`
        expect((await read(store, key)).body).toBe(bodyOf(key, `text of ${key}`))
      }
      expect(await store.get('issuers/prod/')).toBeUndefined()
    })
  })

  describeDocumentList(name, { storeWith, bodyOf })

  describe(`document store ${name}: races`, () => {
    test('one of ten creators wins, and it is its document that is kept', async () => {
      const store = await makeStore()
      const outcomes = await Promise.all(RACERS.map((text) => create(store, KEY, text)))
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      const winner = RACERS[outcomes.indexOf('written')] ?? ''
      expect((await read(store, KEY)).body).toBe(bodyOf(KEY, winner))
    })

    test('one of ten writers wins, and it is its document that is kept', async () => {
      const store = await storeWith(KEY)
      const { etag } = await read(store, KEY)
      const outcomes = await Promise.all(RACERS.map((text) => replace(store, etag, text)))
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      const winner = RACERS[outcomes.indexOf('written')] ?? ''
      expect((await read(store, KEY)).body).toBe(bodyOf(KEY, winner))
    })

    test('ten writers of ten documents all win', async () => {
      const store = await makeStore()
      const keys = RACERS.map((_, n) => `issuers/${n}`)
      const outcomes = await Promise.all(keys.map((key) => create(store, key, key)))
      expect(new Set(outcomes)).toEqual(new Set(['written']))
      const page = await store.list({ prefix: 'issuers/', limit: 20 })
      expect(page).toEqual({ keys, more: false })
    })
  })
}

async function read(store: DocumentStore, key: string): Promise<StoredDocument> {
  const found = await store.get(key)
  if (found === undefined) throw new Error(`there is no document ${key}`)
  return found
}
