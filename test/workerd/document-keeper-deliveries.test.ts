import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { DurableObjectStorage } from '@cloudflare/workers-types'
import { describe, expect, test } from 'vitest'
import { heldCopies } from '../support/workerd/held-copies.ts'
import { tombstoneBody } from '../support/workerd/stored-bodies.ts'
import { keeperOver, keptIn, newObject, SETTLED, unchanged, withStorage } from './keeper-over.ts'

const KEY = 'issuers/prod'
const CREATE = { ifNoneMatch: '*' } as const

/** What is left to do: the names of the values, and the alarm. */
async function leftIn(storage: DurableObjectStorage) {
  const { values, alarmIn } = await keptIn(storage)
  return { names: Object.keys(values), alarmIn }
}

const NOTHING_LEFT = { names: ['document'], alarmIn: null }

describe('deliveries', () => {
  test('do not overlap, and end with the newest copy', async () => {
    await withStorage(async (storage) => {
      const copies = heldCopies()
      const keeper = keeperOver(storage, { copies: copies.store })
      const one = keeper.put(KEY, 'one', CREATE)
      const first = await copies.next()
      const two = keeper.put(KEY, 'two', unchanged(keeper))
      const three = keeper.put(KEY, 'three', unchanged(keeper))
      first.succeed()
      const second = await copies.next()
      second.succeed()
      expect(await Promise.all([one, two, three])).toEqual(['written', 'written', 'written'])
      expect(copies.delivered).toEqual(['copy of one', 'copy of three'])
      expect(copies.mostAtOnce()).toBe(1)
      copies.release()
      // The object that began the first delivery might have been lost during it: nobody knows when that one lands.
      await keeperOver(storage, { copies: copies.store, clock: SETTLED }).alarm()
      expect(copies.delivered.at(-1)).toBe('copy of three')
      expect(await leftIn(storage)).toEqual(NOTHING_LEFT)
    })
  })

  test('are one for a put and the alarm that goes off during it', async () => {
    await withStorage(async (storage) => {
      const copies = heldCopies()
      const keeper = keeperOver(storage, { copies: copies.store })
      const one = keeper.put(KEY, 'one', CREATE)
      const first = await copies.next()
      const alarm = keeper.alarm()
      first.succeed()
      await Promise.all([one, alarm])
      expect(copies.delivered).toEqual(['copy of one'])
      expect(copies.mostAtOnce()).toBe(1)
      expect(await leftIn(storage)).toEqual(NOTHING_LEFT)
    })
  })

  test('that come to nothing do not forget a document that came meanwhile', async () => {
    await withStorage(async (storage) => {
      const copies = heldCopies()
      const keeper = keeperOver(storage, { copies: copies.store })
      const one = keeper.put(KEY, 'one', CREATE)
      const first = await copies.next()
      const two = keeper.put(KEY, 'two', unchanged(keeper))
      first.fail()
      copies.release()
      expect(await Promise.all([one, two])).toEqual(['written', 'written'])
      expect(copies.delivered).toEqual(['copy of two'])
      expect(copies.mostAtOnce()).toBe(1)
      await keeperOver(storage, { copies: copies.store, clock: SETTLED }).alarm()
      expect(copies.delivered).toEqual(['copy of two', 'copy of two'])
      expect(await leftIn(storage)).toEqual(NOTHING_LEFT)
    })
  })

  test('that are under way have an alarm behind them', async () => {
    await withStorage(async (storage) => {
      const copies = heldCopies()
      const keeper = keeperOver(storage, { copies: copies.store })
      const one = keeper.put(KEY, 'one', CREATE)
      const first = await copies.next()
      const { values, alarmIn } = await keptIn(storage)
      expect(values['outbox']).toMatchObject({ copy: 'copy of one' })
      expect(alarmIn).toBeGreaterThan(0)
      first.succeed()
      await one
    })
  })

  test('begin anew after some that came to nothing', async () => {
    await withStorage(async (storage) => {
      const copies = heldCopies()
      const keeper = keeperOver(storage, { copies: copies.store })
      for (const text of ['one', 'two', 'three']) {
        const condition = text === 'one' ? CREATE : unchanged(keeper)
        const putting = keeper.put(KEY, text, condition)
        const held = await copies.next()
        held.fail()
        expect(await putting).toBe('written')
      }
      copies.release()
      await keeper.alarm()
      expect(copies.delivered).toEqual(['copy of three'])
      expect(copies.mostAtOnce()).toBe(1)
    })
  })
})

describe('a crash between a write and its delivery', () => {
  test('leaves the delivery to the next keeper', async () => {
    await withStorage(async (storage) => {
      const abandoned = heldCopies()
      const putting = keeperOver(storage, { copies: abandoned.store }).put(KEY, 'one', CREATE)
      const lost = await abandoned.next()
      const copies = heldCopies()
      copies.release()
      await keeperOver(storage, { copies: copies.store }).alarm()
      expect(copies.delivered).toEqual(['copy of one'])
      expect(copies.mostAtOnce()).toBe(1)
      expect(await leftIn(storage)).toEqual(NOTHING_LEFT)
      lost.succeed()
      await putting
    })
  })

  test('leaves the delivery to the alarm of the real object', async () => {
    const key = `issuers/${crypto.randomUUID()}`
    const body = tombstoneBody(key, 'one')
    const object = newObject()
    await runInDurableObject(object, async (_, { storage }) => {
      const copies = heldCopies()
      const copyOf = (): string => body
      const putting = keeperOver(storage, { copies: copies.store, copyOf }).put(key, body, CREATE)
      await Promise.race([copies.next(), putting])
    })
    expect(await env.PUBLIC_COPIES.get(key)).toBeNull()
    expect(await runDurableObjectAlarm(object)).toBe(true)
    expect(await env.PUBLIC_COPIES.get(key)).toBe(body)
  })
})
