/**
 * Operators at once: of one revision one wins and the others are told, of any all are made, and nothing is half done.
 *
 * What happens in between is put there by the key manager, which is asked after the document was read and before it is
 * written; so every run takes the same order.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import type { IssuerOperations } from '../../../src/control/issuer-operations.ts'
import { Fault } from '../../../src/errors.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import {
  type FakeKeyManager,
  fakeKeyManager,
  operators,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'

function operationsOn(store: DocumentStore, keyManager = fakeKeyManager()): IssuerOperations {
  return operators({ store, keyManager }).operations
}

/** A key manager during whose renewal something else happens, once. */
function interruptedBy(act: () => Promise<unknown>): FakeKeyManager {
  let pending: (() => Promise<unknown>) | undefined = act
  return {
    ...fakeKeyManager(),
    renew: async () => {
      const once = pending
      pending = undefined
      await once?.()
      return undefined
    },
  }
}

async function bodyOf(store: DocumentStore): Promise<string | undefined> {
  return (await store.get('issuers/prod'))?.body
}

describe('creations of one id at once', () => {
  test('have one winner, and every loser is told', async () => {
    const store = memoryStore()
    const algorithms = ['RS256', 'ES256', 'RS256', 'ES256'] as const
    const outcomes = await Promise.all(
      algorithms.map((algorithm) =>
        operationsOn(store).create({ id: 'prod', settings: { algorithm } }),
      ),
    )
    const winners = outcomes.filter((outcome) => outcome.ok).map(valueOf)
    const losers = outcomes.filter((outcome) => !outcome.ok).map((o) => refusalOf(o).reason)
    expect(winners).toEqual([valueOf(await operationsOn(store).read('prod'))])
    expect(losers).toEqual(['issuer_exists', 'issuer_exists', 'issuer_exists'])
  })

  test('of different ids do not touch each other', async () => {
    const store = memoryStore()
    const ids = ['a', 'b', 'c']
    const outcomes = await Promise.all(
      ids.map((id) => operationsOn(store).create({ id, settings: {} })),
    )
    expect(outcomes.map((outcome) => valueOf(outcome).id)).toEqual(ids)
  })

  test('lose against a tombstone that was left in the meantime', async () => {
    const store = memoryStore()
    const other = operationsOn(store)
    const keyManager = fakeKeyManager({
      beforeCreate: async () => {
        await other.create({ id: 'prod', settings: {} })
        await other.delete('prod', undefined, undefined)
      },
    })
    const refusal = refusalOf(
      await operationsOn(store, keyManager).create({ id: 'prod', settings: {} }),
    )
    expect(refusal.reason).toBe('issuer_deleted')
    expect(refusalOf(await other.read('prod')).reason).toBe('issuer_deleted')
  })
})

describe('changes of one issuer at once', () => {
  test('of any revision are all made, one after the other', async () => {
    const store = memoryStore()
    await operationsOn(store).create({ id: 'prod', settings: {} })
    const outcomes = await Promise.all([
      operationsOn(store).update('prod', { jwksMaxAgeSeconds: 120 }, undefined),
      operationsOn(store).update('prod', { tokenTtlMaxSeconds: 600 }, undefined),
      operationsOn(store).update('prod', { algorithm: 'ES256' }, undefined),
    ])
    const revisions = outcomes.map((outcome) => valueOf(outcome).revision)
    expect(revisions.toSorted((a, b) => a - b)).toEqual([2, 3, 4])
    const { revision, policy } = valueOf(await operationsOn(store).read('prod'))
    expect(revision).toBe(4)
    expect(policy).toMatchObject({
      jwksMaxAgeSeconds: 120,
      tokenTtlMaxSeconds: 600,
      algorithm: 'ES256',
    })
  })

  test('of one revision have one winner, and every loser is told to repeat', async () => {
    const store = memoryStore()
    await operationsOn(store).create({ id: 'prod', settings: {} })
    const outcomes = await Promise.all(
      [120, 180, 240].map((jwksMaxAgeSeconds) =>
        operationsOn(store).update('prod', { jwksMaxAgeSeconds }, 1),
      ),
    )
    const stored = valueOf(await operationsOn(store).read('prod'))
    expect(stored.revision).toBe(2)
    expect(outcomes.filter((outcome) => outcome.ok).map(valueOf)).toEqual([stored])
    const losers = outcomes.filter((outcome) => !outcome.ok).map(refusalOf)
    const told = {
      reason: 'revision_conflict',
      message: expect.stringContaining('read it again and repeat the change'),
    }
    expect(losers).toEqual([told, told])
  })

  test.each<[string, (other: IssuerOperations) => Promise<unknown>]>([
    ['an update', (other) => other.update('prod', { jwksMaxAgeSeconds: 120 }, undefined)],
    ['a deletion', (other) => other.delete('prod', undefined, undefined)],
  ])('lose against %s in between, and change nothing', async (_title, act) => {
    const store = memoryStore()
    const other = operationsOn(store)
    await other.create({ id: 'prod', settings: {} })
    let between: string | undefined
    const keyManager = interruptedBy(async () => {
      await act(other)
      between = await bodyOf(store)
    })
    const late = await operationsOn(store, keyManager).update('prod', {}, 1)
    expect(refusalOf(late).reason).toBe('revision_conflict')
    expect(between).toBeDefined()
    expect(await bodyOf(store)).toBe(between)
  })

  test('are all made when each is repeated', async () => {
    const store = memoryStore()
    await operationsOn(store).create({ id: 'prod', settings: {} })
    for (const revision of [1, 2, 3]) {
      const settings = { jwksMaxAgeSeconds: 100 + revision }
      expect((await operationsOn(store).update('prod', settings, revision)).ok).toBe(true)
    }
    const { revision, policy } = valueOf(await operationsOn(store).read('prod'))
    expect([revision, policy.jwksMaxAgeSeconds]).toEqual([4, 103])
  })
})

describe('a store that loses answers', () => {
  test('lets a creation and a change succeed which took effect', async () => {
    const store = memoryStore()
    const forgetful: DocumentStore = {
      ...store,
      put: async (key, body, condition) => {
        await store.put(key, body, condition)
        return store.put(key, body, condition)
      },
    }
    const operations = operationsOn(forgetful)
    expect(valueOf(await operations.create({ id: 'prod', settings: {} })).revision).toBe(1)
    expect(valueOf(await operations.update('prod', {}, 1)).revision).toBe(2)
    expect(valueOf(await operations.delete('prod', undefined, 2)).revision).toBe(3)
  })

  test('fails a change while a key cannot be opened, and keeps the issuer as it was', async () => {
    const store = memoryStore()
    await operationsOn(store).create({ id: 'prod', settings: {} })
    const before = await bodyOf(store)
    const fault = new Fault('key_unavailable', 'it was sealed with a secret that is not set')
    const keyManager = { ...fakeKeyManager(), renew: () => Promise.reject(fault) }
    const change = operationsOn(store, keyManager).update('prod', {}, undefined)
    await expect(change).rejects.toBe(fault)
    expect(await bodyOf(store)).toBe(before)
  })
})
