/**
 * Puts of static copies of which nobody knows what came of them, while somebody deletes the issuer.
 */

import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import type { StaticCopyStore } from '../../../src/static-copies/static-copy-store.ts'
import { ISSUER, next, TOMBSTONE, updating } from './updating.ts'

const TIMED_OUT = new Fault('static_copies_unavailable', 'S3 did not answer within 4000 ms')
const REFUSED = new Fault('static_copies_unavailable', 'S3 refused (X)')

type Put = Parameters<StaticCopyStore['put']>

/** At this put somebody deletes the issuer, copies and all, and then `outcome` decides. */
function deletedAtPut(at: number, outcome: (put: () => Promise<unknown>) => Promise<void>) {
  const its = updating()
  const { copies, stored } = its
  const { put } = copies
  let puts = 0
  copies.put = async (...request: Put) => {
    puts += 1
    if (puts !== at) return put(...request)
    stored.issuer = TOMBSTONE
    for (const name of copies.all.keys()) await copies.delete(name)
    await outcome(() => put(...request))
    throw TIMED_OUT
  }
  return its
}

describe.each([1, 2, 3])('put %d times out, and the issuer is deleted meanwhile', (at) => {
  test('and what it wrote is removed before the fault is told', async () => {
    const { update, copies, loads } = deletedAtPut(at, async (put) => void (await put()))
    await expect(update(ISSUER)).rejects.toBe(TIMED_OUT)
    expect([copies.all.size, loads]).toEqual([0, ['prod']])
  })

  test('and what takes effect after that is gone after the next run', async () => {
    const late: (() => Promise<unknown>)[] = []
    const { update, copies } = deletedAtPut(at, async (put) => void late.push(put))
    await expect(update(ISSUER)).rejects.toBe(TIMED_OUT)
    expect(copies.all.size).toBe(0)
    for (const takeEffect of late) await takeEffect()
    expect(copies.all.size).toBe(1)
    await update(TOMBSTONE)
    expect(copies.all.size).toBe(0)
  })
})

test('a look that fails after a put of a deleted issuer has it removed too', async () => {
  const { update, copies, stored } = updating()
  const { get } = copies
  copies.get = async (name) => {
    if (copies.all.size === 0) return get(name)
    stored.issuer = TOMBSTONE
    throw REFUSED
  }
  await expect(update(ISSUER)).rejects.toBe(REFUSED)
  expect(copies.all.size).toBe(0)
})

test.each([ISSUER, next()])('of an issuer that is there nothing is removed', async (present) => {
  const { update, copies, stored } = updating()
  await update(ISSUER)
  const before = copies.all.size
  stored.issuer = present
  copies.put = () => Promise.reject(TIMED_OUT)
  await expect(update(next())).rejects.toBe(TIMED_OUT)
  expect([before, copies.all.size]).toEqual([3, 3])
  expect(copies.calls.filter((call) => call.startsWith('delete'))).toEqual([])
})

describe('what failed first is what is told', () => {
  test('where the issuer cannot be read again', async () => {
    const { deps, update, copies } = updating()
    copies.put = () => Promise.reject(TIMED_OUT)
    deps.issuers.load = () => Promise.reject(new Fault('storage_unavailable', 'why'))
    await expect(update(ISSUER)).rejects.toBe(TIMED_OUT)
  })

  test('where its copies cannot be removed', async () => {
    const { update, copies } = deletedAtPut(1, async () => undefined)
    copies.delete = () => Promise.reject(REFUSED)
    await expect(update(ISSUER)).rejects.toBe(TIMED_OUT)
  })
})

test('a mistake is told as it is, and nothing follows it', async () => {
  const { update, copies, loads } = updating()
  const mistake = new RangeError('a mistake')
  copies.put = () => Promise.reject(mistake)
  await expect(update(ISSUER)).rejects.toBe(mistake)
  expect(loads).toEqual([])
})

test('a mistake after a fault is told instead of it', async () => {
  const { deps, update, copies } = updating()
  const mistake = new RangeError('a mistake')
  copies.put = () => Promise.reject(TIMED_OUT)
  deps.issuers.load = () => Promise.reject(mistake)
  await expect(update(ISSUER)).rejects.toBe(mistake)
})
