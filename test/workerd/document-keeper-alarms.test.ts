import type { DurableObjectStorage } from '@cloudflare/workers-types'
import { describe, expect, test } from 'vitest'
import type {
  DocumentKeeper,
  DocumentKeeperOptions,
} from '../../src/adapters/storage/durable-object/document-keeper.ts'
import { jsonLog } from '../../src/log.ts'
import { heldCopies } from '../support/workerd/held-copies.ts'
import {
  failingCopies,
  keeperOver,
  keptIn,
  SETTLED,
  unchanged,
  withStorage,
} from './keeper-over.ts'

type KeeperStorage = DocumentKeeperOptions['storage']

const KEY = 'issuers/prod'
const CREATE = { ifNoneMatch: '*' } as const

const failing = () => Promise.reject(new RangeError('marked-message of the storage'))

/** The storage of the object, with some calls in the hand of the test. */
function storageWith(storage: DurableObjectStorage, calls: Partial<KeeperStorage>): KeeperStorage {
  return {
    kv: storage.kv,
    transactionSync: (run) => storage.transactionSync(run),
    setAlarm: (at) => storage.setAlarm(at),
    deleteAlarm: () => storage.deleteAlarm(),
    ...calls,
  }
}

function releasedCopies() {
  const copies = heldCopies()
  copies.release()
  return copies
}

describe('an alarm that cannot be changed', () => {
  test.each<[string, Partial<KeeperStorage>]>([
    ['set', { setAlarm: failing }],
    ['deleted', { deleteAlarm: failing }],
  ])('undoes no write when it cannot be %s, and its copy is delivered', async (_, calls) => {
    await withStorage(async (storage) => {
      const copies = releasedCopies()
      const lines: string[] = []
      const log = jsonLog((_level, line) => lines.push(line))
      const options = { copies: copies.store, log }
      const keeper = keeperOver(storageWith(storage, calls), options)
      expect(await keeper.put(KEY, 'one', CREATE)).toBe('written')
      expect(keeper.get()?.body).toBe('one')
      expect(copies.delivered).toEqual(['copy of one'])
      expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
        { level: 'warn', event: 'alarm_not_set', key: KEY, cause: 'RangeError' },
      ])
    })
  })

  test('undoes no write where its copy cannot be delivered either', async () => {
    await withStorage(async (storage) => {
      const broken = storageWith(storage, { setAlarm: failing })
      const keeper = keeperOver(broken, { copies: failingCopies })
      expect(await keeper.put(KEY, 'one', CREATE)).toBe('written')
      expect((await keptIn(storage)).values['outbox']).toMatchObject({ copy: 'copy of one' })
    })
  })

  test('is the failure of an alarm that leaves something to deliver', async () => {
    await withStorage(async (storage) => {
      await keeperOver(storage, { copies: failingCopies }).put(KEY, 'one', CREATE)
      const broken = storageWith(storage, { setAlarm: failing })
      const waking = keeperOver(broken, { copies: failingCopies }).alarm()
      await expect(waking).rejects.toMatchObject({ code: 'storage_unavailable' })
      await keeperOver(storage).alarm()
      await keeperOver(broken, { clock: SETTLED }).alarm()
      expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
    })
  })
})

test('a document that comes while the alarm is being deleted is tried before its put ends', async () => {
  await withStorage(async (storage) => {
    const copies = releasedCopies()
    let keeper: DocumentKeeper | undefined
    let second: Promise<string> | undefined
    const held = storageWith(storage, {
      setAlarm: async () => undefined,
      deleteAlarm: async () => {
        if (keeper !== undefined) second ??= keeper.put(KEY, 'two', unchanged(keeper))
        // Long enough for that put to ask for its delivery.
        await storage.deleteAlarm()
        await storage.getAlarm()
      },
    })
    keeper = keeperOver(held, { copies: copies.store })
    await keeper.put(KEY, 'one', CREATE)
    expect(await second).toBe('written')
    expect(copies.delivered).toEqual(['copy of one', 'copy of two'])
    expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
  })
})
