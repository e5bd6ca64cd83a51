/**
 * What a reader serves while storage does not confirm it, and for how long.
 */

import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS, RETRY_AFTER_SECONDS } from '../../../src/limits.ts'
import { aTombstone, NOW } from '../../support/fixtures.ts'
import { type Answer, copyOf, hostThatKnows, readingHost } from './reading-host.ts'

const DOWN = new Fault('storage_unavailable', 'the store did not answer')
const CORRUPT = new Fault('document_corrupt', 'the public copy of issuer prod cannot be read')
const SLOW = 1000
const WAIT = 4000
/** From when on a copy of `NOW` is no longer fresh. */
const STALE = NOW + MEMORY_COPY_SECONDS
/** From when on a copy of `NOW` is no longer served. */
const END = STALE + LAST_GOOD_SECONDS

describe('while storage does not confirm it, the last good copy', () => {
  const good = { copy: copyOf(5), confirmedAt: NOW, lastGoodUntil: END }

  test.each<[string, Answer, unknown]>([
    ['storage fails', DOWN, DOWN],
    ['it cannot be read', CORRUPT, CORRUPT],
    ['it is missing', undefined, expect.objectContaining({ code: 'storage_unavailable' })],
  ])('is served to its end where %s', async (_title, answer, afterwards) => {
    const host = await hostThatKnows()
    host.setClock(STALE)
    expect(await host.readWith(answer)).toEqual(good)
    host.setClock(END - 1)
    expect(await host.readWith(answer)).toEqual(good)
    host.setClock(END)
    expect(await host.readWith(answer)).toEqual(afterwards)
  })

  test('is served to its end where storage is slow', async () => {
    const host = await hostThatKnows()
    for (const now of [STALE, END - 1]) {
      host.setClock(now)
      const read = await host.begin()
      expect([host.pass(WAIT), host.pass(SLOW)]).toEqual([0, 1])
      expect(await read.outcome).toEqual(good)
    }
    host.setClock(END)
    const read = await host.begin()
    expect([host.pass(SLOW), host.pass(WAIT)]).toEqual([0, 1])
    expect(await read.outcome).toMatchObject({ code: 'storage_unavailable' })
  })

  test('leaves storage in peace for five seconds', async () => {
    const host = await hostThatKnows()
    host.setClock(STALE)
    await host.readWith(DOWN)
    host.setClock(STALE + 4)
    expect(await host.readFromMemory()).toEqual(good)
    host.setClock(STALE + 5)
    expect(await host.readWith(DOWN)).toEqual(good)
  })

  test('is not served beyond its end for leaving storage in peace', async () => {
    const host = await hostThatKnows()
    host.setClock(END - 1)
    expect(await host.readWith(DOWN)).toEqual(good)
    host.setClock(END)
    expect(await host.readWith(DOWN)).toBe(DOWN)
  })

  test('is followed by what storage says once it answers', async () => {
    const host = await hostThatKnows()
    host.setClock(STALE)
    await host.readWith(DOWN)
    host.setClock(STALE + 5)
    const confirmed = { copy: copyOf(5), confirmedAt: STALE + 5 }
    expect(await host.readWith(copyOf(5))).toEqual(confirmed)
    expect(await host.readFromMemory()).toEqual(confirmed)
    const stale = STALE + 5 + MEMORY_COPY_SECONDS
    host.setClock(stale)
    const lastGoodUntil = stale + LAST_GOOD_SECONDS
    expect(await host.readWith(DOWN)).toEqual({ ...confirmed, lastGoodUntil })
  })

  test('is called so by every read after one that failed, however fresh it is, until storage confirms it', async () => {
    const host = await hostThatKnows()
    host.reader.refresh('https://oidc.example.com/prod')
    expect(await host.readWith(DOWN)).toEqual(good)
    for (const now of [NOW, NOW + RETRY_AFTER_SECONDS - 1]) {
      host.setClock(now)
      expect(await host.readFromMemory()).toEqual(good)
    }
    host.setClock(NOW + RETRY_AFTER_SECONDS)
    expect(await host.readWith(undefined)).toEqual(good)
    expect(await host.readFromMemory()).toEqual(good)
    const now = NOW + 2 * RETRY_AFTER_SECONDS
    host.setClock(now)
    const confirmed = { copy: copyOf(5), confirmedAt: now }
    expect(await host.readWith(copyOf(5))).toEqual(confirmed)
    host.setClock(now + MEMORY_COPY_SECONDS - 1)
    expect(await host.readFromMemory()).toEqual(confirmed)
  })

  test('is called so by a change of this instance too, until storage confirms that', async () => {
    const host = await hostThatKnows()
    host.setClock(STALE)
    await host.readWith(DOWN)
    host.reader.refresh('https://oidc.example.com/prod')
    expect(await host.readWith(DOWN)).toEqual(good)
    host.reader.refresh('https://oidc.example.com/prod')
    expect(await host.readWith(copyOf(6))).toEqual({ copy: copyOf(6), confirmedAt: STALE })
  })

  test('does not push out what storage said in the meantime', async () => {
    const host = await hostThatKnows()
    host.setClock(STALE)
    const slow = await host.begin()
    host.pass(SLOW)
    host.answer(1, copyOf(6))
    expect(await slow.outcome).toEqual({ copy: copyOf(6), confirmedAt: STALE })
    expect(await host.readFromMemory()).toEqual({ copy: copyOf(6), confirmedAt: STALE })
  })

  test('is a tombstone of a deleted issuer too', async () => {
    const host = readingHost()
    const tombstone = publicCopyOf(aTombstone())
    await host.readWith(tombstone)
    host.setClock(STALE)
    expect(await host.readWith(undefined)).toMatchObject({ copy: tombstone, lastGoodUntil: END })
  })
})
