import { describe, expect, test } from 'vitest'
import {
  LAST_GOOD_SECONDS,
  MEMORY_COPY_SECONDS,
  SLOW_STORAGE_MS as SLOW,
  STORAGE_WAIT_MS as WAIT,
} from '../../../src/limits.ts'
import { NOW } from '../../support/fixtures.ts'
import { copyOf, readingHost } from './reading-host.ts'

describe('an answer', () => {
  test('is dated by its question, however long it is on its way', async () => {
    const host = readingHost()
    await host.readWith(copyOf(5))
    host.setClock(NOW + 100)
    const asked = await host.begin()
    host.pass(SLOW)
    expect(await asked.outcome).toMatchObject({ confirmedAt: NOW })
    host.setClock(NOW + 3000)
    host.answer(1, copyOf(5))
    const last = NOW + 100 + MEMORY_COPY_SECONDS + LAST_GOOD_SECONDS
    host.setClock(last - 1)
    expect(await host.readWith(new Error('down'))).toMatchObject({ lastGoodUntil: last })
    host.setClock(last)
    expect(await host.readWith(new Error('down'))).toBeInstanceOf(Error)
  })

  test('does not make a copy older that was confirmed after its question', async () => {
    const host = readingHost()
    const dropped = await host.begin()
    host.pass(WAIT)
    await dropped.outcome
    host.setClock(NOW + 100)
    await host.readWith(copyOf(5))
    host.answer(0, copyOf(4))
    expect(await host.readFromMemory()).toEqual({ copy: copyOf(5), confirmedAt: NOW + 100 })
  })

  test('that is missing where there was one is logged, and counts as a failure', async () => {
    const host = readingHost()
    await host.readWith(copyOf(5))
    host.setClock(NOW + 100)
    await host.readWith(undefined)
    expect(host.reader.failingSince()).toBe(NOW + 100)
    expect(host.records.at(-1)).toMatchObject({
      event: 'storage_read_failed',
      fields: { code: 'storage_unavailable' },
    })
  })
})

describe('a read', () => {
  test('is handed to whoever can finish it after its request', async () => {
    const host = readingHost()
    const kept: Promise<unknown>[] = []
    const outcome = host.readKept((work) => kept.push(work))
    expect(kept).toHaveLength(1)
    host.answer(0, copyOf(5))
    await Promise.all(kept)
    expect(await outcome).toMatchObject({ copy: copyOf(5) })
  })

  test('that ends with its request is begun anew by whoever waited, and is no failure of storage', async () => {
    const host = readingHost()
    await host.readWith(copyOf(5))
    host.setClock(NOW + 100)
    await host.begin()
    const next = await host.begin()
    host.pass(SLOW)
    expect(await next.outcome).toMatchObject({ copy: copyOf(5) })
    expect(host.asked()).toBe(3)
    host.answer(2, copyOf(6))
    await Promise.resolve()
    expect(await host.readFromMemory()).toEqual({ copy: copyOf(6), confirmedAt: NOW + 100 })
  })
})
