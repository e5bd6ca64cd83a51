/**
 * Copies that were lost, and how a run has them made anew.
 */

import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/errors.ts'
import type { CopyStore } from '../../src/storage/document-store.ts'
import { heldDeadlines } from '../support/workerd/held-deadlines.ts'
import { issuerBody, tombstoneBody } from '../support/workerd/stored-bodies.ts'
import {
  keeperOver,
  keptIn,
  newObject,
  unchanged,
  withStorage,
  workingCopies,
} from './keeper-over.ts'

const KEY = 'issuers/prod'
const CREATE = { ifNoneMatch: '*' } as const

/** A copy store that keeps what it is given, and counts. */
function keepingCopies() {
  const values = new Map<string, string>()
  const count = { puts: 0 }
  const store: CopyStore = {
    ...workingCopies,
    get: async (key) => {
      const body = values.get(key)
      return body === undefined ? undefined : { body }
    },
    put: async (key, body) => {
      count.puts += 1
      values.set(key, body)
    },
  }
  return { store, values, count }
}

describe('recopying', () => {
  test('delivers a copy that its store has lost, and leaves nothing in the outbox', async () => {
    await withStorage(async (storage) => {
      const { store, values } = keepingCopies()
      const keeper = keeperOver(storage, { copies: store })
      await keeper.put(KEY, 'first', CREATE)
      values.clear()
      await keeper.recopy(KEY)
      expect(values.get(KEY)).toBe('copy of first')
      expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
    })
  })

  test('delivers a copy in the place of an older one', async () => {
    await withStorage(async (storage) => {
      const { store, values } = keepingCopies()
      const keeper = keeperOver(storage, { copies: store })
      await keeper.put(KEY, 'first', CREATE)
      await keeper.put(KEY, 'second', unchanged(keeper))
      values.set(KEY, 'copy of first')
      await keeper.recopy(KEY)
      expect(values.get(KEY)).toBe('copy of second')
    })
  })

  test('writes nothing where the copy is as it should be', async () => {
    await withStorage(async (storage) => {
      const { store, count } = keepingCopies()
      const keeper = keeperOver(storage, { copies: store })
      await keeper.put(KEY, 'first', CREATE)
      const before = await keptIn(storage)
      await keeper.recopy(KEY)
      expect(count.puts).toBe(1)
      expect(await keptIn(storage)).toEqual(before)
    })
  })

  test('writes nothing where there is no document', async () => {
    await withStorage(async (storage) => {
      const { store, count } = keepingCopies()
      await keeperOver(storage, { copies: store }).recopy(KEY)
      expect(count.puts).toBe(0)
      expect(await keptIn(storage)).toEqual({ values: {}, alarmIn: null })
    })
  })

  test('delivers what waits in the outbox, whatever the store has', async () => {
    await withStorage(async (storage) => {
      const { store, values } = keepingCopies()
      const down: CopyStore = { ...store, put: async () => Promise.reject(new TypeError('down')) }
      await keeperOver(storage, { copies: down }).put(KEY, 'first', CREATE)
      await keeperOver(storage, { copies: store }).recopy(KEY)
      expect(values.get(KEY)).toBe('copy of first')
    })
  })

  test('leaves a newer document to its own delivery', async () => {
    await withStorage(async (storage) => {
      const { store, values } = keepingCopies()
      const keeper = keeperOver(storage, { copies: store })
      await keeper.put(KEY, 'first', CREATE)
      values.clear()
      const slow: CopyStore = {
        ...store,
        get: async (key) => {
          await keeper.put(key, 'second', unchanged(keeper))
          return undefined
        },
      }
      await keeperOver(storage, { copies: slow }).recopy(KEY)
      expect(values.get(KEY)).toBe('copy of second')
      expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
    })
  })

  test('rejects when the copy cannot be looked at', async () => {
    await withStorage(async (storage) => {
      const { store } = keepingCopies()
      await keeperOver(storage, { copies: store }).put(KEY, 'first', CREATE)
      const down: CopyStore = {
        ...store,
        get: async () => Promise.reject(new Fault('storage_unavailable', 'it is down')),
      }
      await expect(keeperOver(storage, { copies: down }).recopy(KEY)).rejects.toMatchObject({
        code: 'storage_unavailable',
      })
    })
  })

  test('waits five seconds for a store that hangs', async () => {
    await withStorage(async (storage) => {
      const { store } = keepingCopies()
      await keeperOver(storage, { copies: store }).put(KEY, 'first', CREATE)
      const deadlines = heldDeadlines()
      const hanging: CopyStore = { ...store, get: () => new Promise(() => undefined) }
      const keeper = keeperOver(storage, { copies: hanging, deadline: deadlines.deadline })
      const recopied = keeper.recopy(KEY)
      expect(deadlines.pass(5000)).toBe(1)
      await recopied
    })
  })
})

describe('the real object', () => {
  test.each([
    ['an issuer', (key: string) => issuerBody(key, 1)],
    ['a deleted issuer', (key: string) => tombstoneBody(key, 'over')],
  ])('recopies %s to KV', async (_, bodyOf) => {
    const key = `issuers/${crypto.randomUUID()}`
    const object = newObject()
    await object.put(key, bodyOf(key), CREATE)
    const copy = await env.PUBLIC_COPIES.get(key)
    await env.PUBLIC_COPIES.delete(key)
    await object.recopy(key)
    expect(copy).not.toBeNull()
    expect(await env.PUBLIC_COPIES.get(key)).toBe(copy)
  })
})
