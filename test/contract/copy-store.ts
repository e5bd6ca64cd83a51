/**
 * What every copy store does: the contract suite of the port `CopyStore`.
 *
 * Each test has a key of its own, so the store need not be empty. Only stores that show a write at once are tested:
 * how long others may not see it is what the adapter declares.
 */

import { describe, expect, test } from 'vitest'
import type { CopyStore } from '../../src/storage/document-store.ts'

const newKey = (): string => `issuers/${crypto.randomUUID()}`

export function describeCopyStore(name: string, makeStore: () => CopyStore): void {
  describe(`copy store ${name}`, () => {
    test('declares its name and its staleness', () => {
      const store = makeStore()
      expect(store.name).toBe(name)
      expect(store.stalenessSeconds).toBeGreaterThanOrEqual(0)
    })

    test('has no copy before there is one', async () => {
      expect(await makeStore().get(newKey())).toBeUndefined()
    })

    test.each([
      ['nothing', ''],
      ['letters of the world', 'Zürich, 東京, e\u0301, 🔑, \u{10ffff}'],
      ['control characters', ' \0\u0001\t\r\n\u2028\u007f '],
      ['300 KB', 'é🔑x-'.repeat(30_000)],
    ])('gives back byte for byte: %s', async (_, body) => {
      const store = makeStore()
      const key = newKey()
      await store.put(key, body)
      expect((await store.get(key))?.body === body).toBe(true)
    })

    test('keeps the last copy', async () => {
      const store = makeStore()
      const key = newKey()
      for (const body of ['one', 'two', 'three']) await store.put(key, body)
      expect((await store.get(key))?.body).toBe('three')
    })

    test('keeps copies apart', async () => {
      const store = makeStore()
      const key = newKey()
      await store.put(key, 'one')
      await store.put(`${key}/x`, 'two')
      expect((await store.get(key))?.body).toBe('one')
      expect((await store.get(`${key}/x`))?.body).toBe('two')
      expect(await store.get(`${key}/`)).toBeUndefined()
    })
  })
}
