import { describe, expect, test } from 'vitest'
import { publicationBounds } from '../../../src/reading/publication-bounds.ts'
import { Fault } from '../../../src/errors.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { locationAt, locationOf } from '../../../src/locations/issuer-location.ts'
import { LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS } from '../../../src/limits.ts'
import { aTombstone, NOW } from '../../support/fixtures.ts'
import {
  type Answer,
  copyOf,
  hostThatKnows,
  LOCATION,
  readingHost,
  settled,
} from './reading-host.ts'

const DOWN = new Fault('storage_unavailable', 'the store did not answer')
const CORRUPT = new Fault('document_corrupt', 'the public copy of issuer prod cannot be read')
const SLOW = 1000
const WAIT = 4000
/** From when on a copy of `NOW` is no longer fresh. */
const STALE = NOW + MEMORY_COPY_SECONDS
/** From when on a copy of `NOW` is no longer served. */
const END = STALE + LAST_GOOD_SECONDS

describe('a copy in memory', () => {
  test('is served for half a minute without asking', async () => {
    const host = readingHost()
    const copy = copyOf(5)
    expect(await host.readWith(copy)).toEqual({ copy, confirmedAt: NOW })
    host.setClock(STALE - 1)
    expect(await host.readFromMemory()).toEqual({ copy, confirmedAt: NOW })
    host.setClock(STALE)
    expect(await host.readWith(copyOf(6))).toEqual({ copy: copyOf(6), confirmedAt: STALE })
  })

  test('is of its location alone', async () => {
    const host = await hostThatKnows()
    const other = locationOf('https://oidc.example.com/other')
    expect(await host.readWith(undefined, other)).toBeUndefined()
  })

  test('is asked for once by many', async () => {
    const host = readingHost()
    const reads = [await host.begin(), await host.begin(), await host.begin()]
    expect(host.asked()).toBe(1)
    host.answer(0, copyOf(5))
    const outcomes = await Promise.all(reads.map(({ outcome }) => outcome))
    expect(outcomes).toEqual(outcomes.map(() => ({ copy: copyOf(5), confirmedAt: NOW })))
  })

  test('may be as stale as its source and the copy in memory', () => {
    expect(publicationBounds({ stalenessSeconds: 60 })).toEqual({
      documentStalenessSeconds: 90,
      lastGoodSeconds: 3600,
    })
  })

  test('is asked for by the next read when this instance changed it', async () => {
    const host = await hostThatKnows()
    host.reader.refresh('https://OIDC.example.com/prod')
    expect(await host.readWith(copyOf(6))).toEqual({ copy: copyOf(6), confirmedAt: NOW })
  })

  test('is served on where that read fails', async () => {
    const host = await hostThatKnows()
    host.reader.refresh('https://oidc.example.com/prod')
    expect(await host.readWith(DOWN)).toMatchObject({ copy: copyOf(5), lastGoodUntil: END })
  })

  test('is not touched by a change of another issuer', async () => {
    const host = await hostThatKnows()
    host.reader.refresh('https://oidc.example.com/other')
    expect(await host.readFromMemory()).toMatchObject({ copy: copyOf(5) })
  })
})

describe('a reader never goes back', () => {
  test.each([
    ['to an older version', 4],
    ['to another object of the same version', 5],
  ])('%s', async (_title, revision) => {
    const host = readingHost()
    const copy = copyOf(5)
    await host.readWith(copy)
    host.setClock(STALE)
    const outcome = await host.readWith(copyOf(revision))
    expect(outcome).toEqual({ copy, confirmedAt: STALE })
    expect(outcome).toHaveProperty('copy', copy)
    if (outcome === undefined || outcome instanceof Error) throw new Error('nothing was read')
    expect(outcome.copy).toBe(copy)
  })

  test('from a tombstone', async () => {
    const host = readingHost()
    const tombstone = publicCopyOf(aTombstone({ revision: 6 }))
    await host.readWith(tombstone)
    host.setClock(STALE)
    expect(await host.readWith(copyOf(5))).toMatchObject({ copy: tombstone })
  })

  test('by an answer that comes late', async () => {
    const host = await hostThatKnows(4)
    host.setClock(STALE)
    const slow = await host.begin()
    host.pass(SLOW)
    await slow.outcome
    host.setClock(STALE + 5)
    await host.readWith(copyOf(6))
    host.answer(1, copyOf(5))
    await settled()
    expect(await host.readFromMemory()).toMatchObject({ copy: copyOf(6) })
  })
})

describe('what is not known', () => {
  test.each<[string, Answer]>([
    ['storage that does not answer', DOWN],
    ['a document that cannot be read', CORRUPT],
  ])('is the fault of %s, which is not kept', async (_title, error) => {
    const host = readingHost()
    expect(await host.readWith(error)).toBe(error)
    expect(await host.readWith(error)).toBe(error)
    expect(await host.readWith(copyOf(5))).toEqual({ copy: copyOf(5), confirmedAt: NOW })
  })

  test('is a failure of storage, whatever a store throws', async () => {
    const host = readingHost()
    expect(await host.readWith(new TypeError('a mistake'))).toBeInstanceOf(Error)
    expect(host.reader.failingSince()).toBe(NOW)
    expect(await host.readWith(copyOf(5))).toEqual({ copy: copyOf(5), confirmedAt: NOW })
  })

  test('is a fault when storage takes longer than four seconds', async () => {
    const host = readingHost()
    const read = await host.begin()
    expect([host.pass(SLOW), host.pass(WAIT)]).toEqual([0, 1])
    expect(await read.outcome).toMatchObject({
      code: 'storage_unavailable',
      message: 'no answer within 4000 ms',
    })
  })

  test('is what another read brought where this one fails in the end', async () => {
    const host = readingHost()
    const first = await host.begin()
    const second = await host.begin()
    host.pass(SLOW)
    await settled()
    host.answer(1, copyOf(5))
    await second.outcome
    host.answer(0, DOWN)
    const confirmed = { copy: copyOf(5), confirmedAt: NOW }
    expect(await first.outcome).toEqual(confirmed)
    expect(await host.readFromMemory()).toEqual(confirmed)
  })

  test('is kept when it comes after that', async () => {
    const host = readingHost()
    const read = await host.begin()
    host.pass(WAIT)
    await read.outcome
    host.answer(0, copyOf(5))
    await settled()
    expect(await host.readFromMemory()).toEqual({ copy: copyOf(5), confirmedAt: NOW })
  })

  test('is not waited for by everyone while one read never ends, and the next one serves all', async () => {
    const host = readingHost()
    const dropped = await host.begin()
    const next = await host.begin()
    expect(host.pass(SLOW)).toBe(1)
    await settled()
    expect(host.asked()).toBe(2)
    host.answer(1, copyOf(5))
    expect(await next.outcome).toMatchObject({ copy: copyOf(5) })
    host.pass(WAIT)
    expect(await dropped.outcome).toEqual({ copy: copyOf(5), confirmedAt: NOW })
    expect(await host.readFromMemory()).toMatchObject({ copy: copyOf(5) })
  })

  test('is vacant for half a minute without asking', async () => {
    const host = readingHost()
    expect(await host.readWith(undefined)).toBeUndefined()
    host.setClock(STALE - 1)
    expect(await host.readFromMemory()).toBeUndefined()
    host.setClock(STALE)
    expect(await host.readWith(copyOf(1))).toMatchObject({ copy: copyOf(1) })
  })

  test('is asked for at once where this instance has created it', async () => {
    const host = readingHost()
    await host.readWith(undefined)
    host.reader.refresh('https://oidc.example.com/prod')
    expect(await host.readWith(copyOf(1))).toMatchObject({ copy: copyOf(1) })
  })

  test('is not asked for where no identifier can be so long', async () => {
    const host = readingHost()
    const long = locationAt('x.example', `/${'a'.repeat(246)}`)
    expect(await host.readFromMemory(long)).toBeUndefined()
    const longest = locationAt('x.example', `/${'a'.repeat(245)}`)
    expect(await host.readWith(copyOf(1), longest)).toMatchObject({ copy: copyOf(1) })
  })
})

describe('how storage is', () => {
  const elsewhere = locationOf('https://oidc.example.com/other')

  test('is said from its first failure until any answer', async () => {
    const host = readingHost()
    expect(host.reader.failingSince()).toBeUndefined()
    await host.readWith(DOWN)
    host.setClock(NOW + 5)
    await host.readWith(DOWN)
    expect(host.reader.failingSince()).toBe(NOW)
    await host.readWith(undefined, elsewhere)
    expect(host.reader.failingSince()).toBeUndefined()
    host.setClock(NOW + 7)
    await host.readWith(DOWN)
    expect(host.reader.failingSince()).toBe(NOW + 7)
    await host.readWith(copyOf(5))
    expect(host.reader.failingSince()).toBeUndefined()
  })

  test('is a failure when it is slow', async () => {
    const host = readingHost()
    const read = await host.begin()
    host.pass(WAIT)
    await read.outcome
    expect(host.reader.failingSince()).toBe(NOW)
    host.answer(0, copyOf(5))
    await settled()
    expect(host.reader.failingSince()).toBeUndefined()
  })

  test('is no failure where a document cannot be read', async () => {
    const host = readingHost()
    await host.readWith(DOWN)
    await host.readWith(CORRUPT)
    expect(host.reader.failingSince()).toBeUndefined()
  })

  test('is logged: what failed, and nothing of what a service said', async () => {
    const host = readingHost()
    await host.readWith(CORRUPT)
    await host.readWith(new TypeError('MARKED'), LOCATION)
    expect(host.records).toEqual([
      {
        event: 'storage_read_failed',
        fields: { code: 'document_corrupt', problem: CORRUPT.message, cause: 'Fault' },
      },
      { event: 'storage_read_failed', fields: { cause: 'TypeError' } },
    ])
  })
})
