/**
 * Documents that nobody else reads: exchange policies.
 */

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { policyRepository } from '../../src/policies/policy-repository.ts'
import { durableObjectStore } from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import type { CopyStore } from '../../src/storage/document-store.ts'
import { aStoredPolicy } from '../support/stored-policies.ts'
import { keeperOver, keptIn, unchanged, withStorage } from './keeper-over.ts'

const KEY = 'policies/prod'
const CREATE = { ifNoneMatch: '*' } as const

/** A copy store that must not be asked for anything. */
const untouched: CopyStore = {
  name: 'untouched',
  stalenessSeconds: 0,
  get: () => Promise.reject(new TypeError('asked for a copy')),
  put: () => Promise.reject(new TypeError('given a copy')),
}

test('a document without a copy is kept alone, without outbox and alarm', async () => {
  await withStorage(async (storage) => {
    const keeper = keeperOver(storage, { copies: untouched, copyOf: () => undefined })
    expect(await keeper.put(KEY, 'first', CREATE)).toBe('written')
    expect(await keeper.put(KEY, 'late', CREATE)).toBe('conflict')
    expect(await keeper.put(KEY, 'second', unchanged(keeper))).toBe('written')
    await keeper.recopy(KEY)
    await keeper.alarm()
    expect(keeper.get()?.body).toBe('second')
    const { values, alarmIn } = await keptIn(storage)
    expect(Object.keys(values)).toEqual(['document'])
    expect(alarmIn).toBeNull()
  })
})

test('the real objects keep a policy, and publish nothing of it', async () => {
  const id = crypto.randomUUID()
  const policies = policyRepository(
    durableObjectStore({ documents: env.DOCUMENTS, directory: env.DIRECTORY }),
  )
  expect(await policies.load(id)).toBeUndefined()
  const stored = aStoredPolicy({ id })
  expect(await policies.put(undefined, stored)).toBe('written')
  const loaded = await policies.load(id)
  expect(loaded?.stored).toEqual(stored)
  const next = aStoredPolicy({ id, revision: 2, writeNonce: 'nonce-2' })
  expect(await policies.put(loaded, next)).toBe('written')
  expect(await policies.put(loaded, stored)).toBe('conflict')
  expect(await env.PUBLIC_COPIES.list({ prefix: 'policies/' })).toMatchObject({ keys: [] })
  const object = env.DOCUMENTS.getByName(`policies/${id}`)
  await runInDurableObject(object, async (_, { storage }) => {
    expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
    expect(await storage.getAlarm()).toBeNull()
  })
})
