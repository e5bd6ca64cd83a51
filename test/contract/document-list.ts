/**
 * What every document store lists: the part of the contract suite that is about `list`.
 */

import { describe, expect, test } from 'vitest'
import type { DocumentStore, ListPage, ListRequest } from '../../src/storage/document-store.ts'

export interface ListSuite {
  /** A store with a document under each key, and no other. */
  readonly storeWith: (...keys: readonly string[]) => Promise<DocumentStore>
  readonly bodyOf: (key: string, text: string) => string
}

const KEY = 'issuers/prod'
const PAGES_MAX = 10

export function describeDocumentList(name: string, { storeWith, bodyOf }: ListSuite): void {
  describe(`document store ${name}: list`, () => {
    test('of no documents is empty, and makes none', async () => {
      const store = await storeWith()
      const empty = { keys: [], more: false }
      expect(await store.list({ prefix: 'issuers/', limit: 10 })).toEqual(empty)
      expect(await store.list({ prefix: '', limit: 10 })).toEqual(empty)
      expect(await store.put(KEY, bodyOf(KEY, 'one'), { ifNoneMatch: '*' })).toBe('written')
    })

    test('does not hold what was only read', async () => {
      const store = await storeWith(KEY)
      await store.get('issuers/unknown')
      expect(await store.list({ prefix: '', limit: 10 })).toEqual({ keys: [KEY], more: false })
    })

    test('holds a key once, however often it is written', async () => {
      const store = await storeWith(KEY)
      const { etag = '' } = (await store.get(KEY)) ?? {}
      await store.put(KEY, bodyOf(KEY, 'two'), { ifMatch: etag })
      await store.put(KEY, bodyOf(KEY, 'three'), { ifNoneMatch: '*' })
      expect(await store.list({ prefix: '', limit: 10 })).toEqual({ keys: [KEY], more: false })
    })

    test('does not hold what was refused', async () => {
      const store = await storeWith()
      await store.put(KEY, bodyOf(KEY, 'one'), { ifMatch: '"invented"' })
      expect(await store.list({ prefix: '', limit: 10 })).toEqual({ keys: [], more: false })
    })

    test.each([
      ['issuers/', ['issuers/a', 'issuers/b/c']],
      ['issuers/b', ['issuers/b/c']],
      ['percent%/', ['percent%/a']],
      ['percent_/', ['percent_/a']],
      ['percent%', ['percent%/a']],
      ['nothing/', []],
      ['ssuers/a', []],
    ])('takes the prefix %j as it is written', async (prefix, keys) => {
      const others = [
        'Issuers/a',
        'issuers-other/a',
        'issuersx/a',
        'history/issuers/a',
        'percentx/a',
      ]
      const store = await storeWith(
        ...others,
        'issuers/a',
        'issuers/b/c',
        'percent%/a',
        'percent_/a',
      )
      expect(await store.list({ prefix, limit: 20 })).toEqual({ keys, more: false })
    })

    test('is in the order of code units, whatever the order of writing', async () => {
      const ids = ['b', 'a-1', 'B', 'a', '10', 'a1', '9', 'a_1', 'a~', 'aa', 'a/b', 'A']
      const store = await storeWith(...ids.map((id) => `issuers/${id}`))
      const { keys } = await store.list({ prefix: 'issuers/', limit: 20 })
      const ordered = ['10', '9', 'A', 'B', 'a', 'a-1', 'a/b', 'a1', 'a_1', 'aa', 'a~', 'b']
      expect(keys).toEqual(ordered.map((id) => `issuers/${id}`))
    })

    test.each([[1], [2], [3], [6], [7], [8]])(
      'by pages of %i holds each key once',
      async (limit) => {
        const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `issuers/${id}`)
        const store = await storeWith('history/a', ...keys, 'other/issuers')
        const pages = await readAll(store, { prefix: 'issuers/', limit })
        expect(pages.flatMap((page) => page.keys)).toEqual(keys)
        expect(pages).toHaveLength(Math.ceil(keys.length / limit))
      },
    )

    test.each([
      ['a key that is there', 'issuers/b', ['issuers/d']],
      ['a key that is not', 'issuers/c', ['issuers/d']],
      ['a key before the prefix', 'history/z', ['issuers/b', 'issuers/d']],
      ['the last key', 'issuers/d', []],
      ['a key behind the prefix', 'other/issuers', []],
    ])('goes on after %s', async (_, after, keys) => {
      const store = await storeWith('history/a', 'issuers/b', 'issuers/d', 'other/issuers')
      const page = await store.list({ prefix: 'issuers/', after, limit: 10 })
      expect(page).toEqual({ keys, more: false })
    })
  })
}

async function readAll(store: DocumentStore, request: ListRequest): Promise<ListPage[]> {
  const pages: ListPage[] = []
  for (let count = 1; count <= PAGES_MAX; count++) {
    const page = await store.list({ ...request, after: pages.at(-1)?.keys.at(-1) })
    pages.push(page)
    if (!page.more) return pages
  }
  throw new Error(`there are more than ${PAGES_MAX} pages`)
}
