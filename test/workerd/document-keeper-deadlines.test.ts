import { describe, expect, test } from 'vitest'
import { jsonLog } from '../../src/log.ts'
import { heldCopies } from '../support/workerd/held-copies.ts'
import { heldDeadlines } from '../support/workerd/held-deadlines.ts'
import { keeperOver, keptIn, NOW, unchanged, withStorage } from './keeper-over.ts'

const KEY = 'issuers/prod'
const CREATE = { ifNoneMatch: '*' } as const
const PUT_WAIT_MS = 5000
const DELIVERY_WAIT_MS = 10_000

function withDeadlines() {
  const copies = heldCopies()
  const deadlines = heldDeadlines()
  const clock = { seconds: NOW }
  const lines: string[] = []
  const options = {
    copies: copies.store,
    deadline: deadlines.deadline,
    clock: { now: () => clock.seconds },
    log: jsonLog((_, line) => lines.push(line)),
  }
  return { copies, deadlines, clock, lines, options }
}

describe('a copy store that hangs', () => {
  test('holds up who writes for five seconds at most; its delivery goes on', async () => {
    await withStorage(async (storage) => {
      const { copies, deadlines, options } = withDeadlines()
      const keeper = keeperOver(storage, options)
      const putting = keeper.put(KEY, 'one', CREATE)
      const held = await copies.next()
      expect(deadlines.pass(PUT_WAIT_MS)).toBe(1)
      expect(await putting).toBe('written')
      expect((await keptIn(storage)).values).toMatchObject({ outbox: { copy: 'copy of one' } })
      held.succeed()
      await keeper.alarm()
      expect(copies.delivered).toEqual(['copy of one'])
      const { values, alarmIn } = await keptIn(storage)
      expect([Object.keys(values), alarmIn]).toEqual([['document'], null])
    })
  })

  test('has not delivered after ten seconds, and is asked again', async () => {
    await withStorage(async (storage) => {
      const { copies, deadlines, lines, options } = withDeadlines()
      const putting = keeperOver(storage, options).put(KEY, 'one', CREATE)
      await copies.next()
      expect(deadlines.pass(DELIVERY_WAIT_MS)).toBe(1)
      expect(await putting).toBe('written')
      const { values, alarmIn } = await keptIn(storage)
      expect(values['outbox']).toMatchObject({ copy: 'copy of one', attempts: 1 })
      expect(alarmIn).toBe(2)
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
        {
          level: 'warn',
          event: 'copy_not_delivered',
          key: KEY,
          attempts: 1,
          cause: 'TimeoutError',
        },
      ])
    })
  })

  test('leaves no deadline behind once it has answered', async () => {
    await withStorage(async (storage) => {
      const { copies, deadlines, options } = withDeadlines()
      const putting = keeperOver(storage, options).put(KEY, 'one', CREATE)
      const held = await copies.next()
      held.succeed()
      await putting
      expect([PUT_WAIT_MS, DELIVERY_WAIT_MS].map((each) => deadlines.pass(each))).toEqual([0, 0])
    })
  })
})

describe('a copy that lands late, over a newer one', () => {
  test('is put right a minute after the newer one was delivered', async () => {
    await withStorage(async (storage) => {
      const { copies, deadlines, clock, options } = withDeadlines()
      const keeper = keeperOver(storage, options)
      const one = keeper.put(KEY, 'one', CREATE)
      const late = await copies.next()
      deadlines.pass(DELIVERY_WAIT_MS)
      await one
      copies.release()
      expect(await keeper.put(KEY, 'two', unchanged(keeper))).toBe('written')
      const { values, alarmIn } = await keptIn(storage)
      expect(values['outbox']).toMatchObject({ copy: 'copy of two', attempts: 0 })
      expect(alarmIn).toBe(60)
      late.succeed()
      expect(copies.delivered).toEqual(['copy of two', 'copy of one'])
      clock.seconds += 60
      // Whoever wakes up may be another keeper than the one that waited.
      await keeperOver(storage, options).alarm()
      expect(copies.delivered.at(-1)).toBe('copy of two')
      const left = await keptIn(storage)
      expect([Object.keys(left.values), left.alarmIn]).toEqual([['document'], null])
    })
  })

  test('is still put right where another document is written in that minute', async () => {
    await withStorage(async (storage) => {
      const { copies, deadlines, clock, options } = withDeadlines()
      const keeper = keeperOver(storage, options)
      const one = keeper.put(KEY, 'one', CREATE)
      const late = await copies.next()
      deadlines.pass(DELIVERY_WAIT_MS)
      await one
      copies.release()
      await keeper.put(KEY, 'two', unchanged(keeper))
      clock.seconds += 20
      await keeper.put(KEY, 'three', unchanged(keeper))
      expect((await keptIn(storage)).alarmIn).toBe(80)
      late.succeed()
      clock.seconds += 60
      await keeper.alarm()
      expect(copies.delivered).toEqual([
        'copy of two',
        'copy of three',
        'copy of one',
        'copy of three',
      ])
      expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
    })
  })

  test('is put right where the newer document came before it ran out of time', async () => {
    await withStorage(async (storage) => {
      const { copies, deadlines, options } = withDeadlines()
      const keeper = keeperOver(storage, options)
      const one = keeper.put(KEY, 'one', CREATE)
      await copies.next()
      const two = keeper.put(KEY, 'two', unchanged(keeper))
      copies.release()
      deadlines.pass(DELIVERY_WAIT_MS)
      expect(await Promise.all([one, two])).toEqual(['written', 'written'])
      expect(copies.delivered).toEqual(['copy of two'])
      expect((await keptIn(storage)).alarmIn).toBe(60)
    })
  })
})
