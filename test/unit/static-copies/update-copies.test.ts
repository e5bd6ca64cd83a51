/**
 * What is asked of the store of static copies, in which order, and what is there afterwards.
 */

import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { updateCopies } from '../../../src/static-copies/update-copies.ts'
import { aKey, anIssuer, aRing, aTombstone, NOW } from '../../support/fixtures.ts'
import { RETENTION } from '../../support/rotation-fixtures.ts'
import {
  ALL_REMOVED,
  ALL_WRITTEN,
  DISCOVERY,
  ISSUER,
  KEYS,
  KEYS_NAME,
  next,
  SERVER,
  SERVER_NAME,
  TOMBSTONE,
  updating,
} from './updating.ts'

describe('an issuer', () => {
  test('has its copies written, the JWK Set last, and is read again', async () => {
    const { update, compared, loads, logged } = updating()
    expect(await update(ISSUER)).toEqual(ALL_WRITTEN)
    const [are, should] = await compared(ISSUER)
    expect(are).toEqual(should)
    expect(loads).toEqual(['prod'])
    expect(logged).toEqual([['info', 'static_copies_written', { issuer: 'prod', revision: 9 }]])
  })

  test('with nothing due costs one read', async () => {
    const { update, loads } = updating()
    await update(ISSUER)
    loads.length = 0
    expect([await update(ISSUER), loads]).toEqual([[`get ${KEYS}`], []])
  })

  test('of the next revision has all of them written, also with the same bodies', async () => {
    const { update, stored, compared } = updating()
    await update(ISSUER)
    stored.issuer = next()
    expect(await update(stored.issuer)).toEqual(ALL_WRITTEN)
    const [are, should] = await compared(stored.issuer)
    expect(are).toEqual(should)
  })

  test('has the copies follow what is due to leave, at its time', async () => {
    const old = aKey({
      kid: 'kid-old',
      slot: 'slot-old',
      publishedAt: NOW - 9,
      activatesAt: NOW - 9,
    })
    const issuer = anIssuer({ ...ISSUER, ring: aRing({ keys: [old, aKey()] }) })
    const { update, clock, copies, compared } = updating()
    await update(issuer)
    expect(copies.all.get(KEYS_NAME)?.body).toContain('kid-old')
    clock.seconds = NOW + RETENTION - 1
    expect(await update(issuer)).toEqual([`get ${KEYS}`])
    clock.seconds = NOW + RETENTION
    expect(await update(issuer)).toEqual(ALL_WRITTEN)
    expect(copies.all.get(KEYS_NAME)?.body).not.toContain('kid-old')
    const [are, should] = await compared(issuer)
    expect(are).toEqual(should)
  })

  test.each([
    ['body', '{"keys":[]}'],
    ['contentType', 'text/plain'],
    ['cacheControl', 'no-store'],
    ['ringVersion', 8],
    ['edition', ''],
  ])('has a copy that is wrong written anew: its %s', async (member, value) => {
    const { update, copies, compared } = updating()
    await update(ISSUER)
    const { etag = '', ...copy } = (await copies.get(KEYS_NAME)) ?? {}
    await copies.put(KEYS_NAME, { ...copy, [member]: value } as never, { ifMatch: etag })
    const unchanged = [`get ${KEYS}`, `get ${DISCOVERY}`, `get ${SERVER}`, `put ${KEYS}`]
    expect(await update(ISSUER)).toEqual(unchanged)
    const [are, should] = await compared(ISSUER)
    expect(are).toEqual(should)
  })

  test('has one of its copies, once it is there alone, completed', async () => {
    const { update, copies, compared } = updating()
    await update(ISSUER)
    await copies.delete(KEYS_NAME)
    expect(await update(ISSUER)).toEqual([
      `get ${KEYS}`,
      `get ${DISCOVERY}`,
      `get ${SERVER}`,
      `put ${KEYS}`,
    ])
    const [are, should] = await compared(ISSUER)
    expect(are).toEqual(should)
  })

  test('that can have no copies has none, and costs nothing', async () => {
    const odd = anIssuer({ issuer: 'https://oidc.acme.dev/a%2Cb' })
    const { update, loads } = updating()
    expect([await update(odd), await update(aTombstone({ issuer: odd.issuer })), loads]).toEqual([
      [],
      [],
      [],
    ])
  })
})

describe('a check', () => {
  test('looks at each copy, and at the issuer again', async () => {
    const { deps, update, copies, loads, logged } = updating()
    await update(ISSUER)
    copies.calls.length = 0
    logged.length = 0
    await updateCopies(deps, ISSUER, 'at all')
    expect(copies.calls).toEqual([`get ${KEYS}`, `get ${DISCOVERY}`, `get ${SERVER}`])
    expect([loads, logged]).toEqual([['prod', 'prod'], []])
  })

  test.each([SERVER_NAME, KEYS_NAME])('makes anew what somebody has deleted: %s', async (name) => {
    const { deps, update, copies, compared } = updating()
    await update(ISSUER)
    await copies.delete(name)
    await updateCopies(deps, ISSUER, 'at all')
    const [are, should] = await compared(ISSUER)
    expect(are).toEqual(should)
  })
})

describe('copies are removed', () => {
  test('of a deleted issuer, which costs that alone', async () => {
    const { update, stored, copies, loads } = updating()
    await update(ISSUER)
    loads.length = 0
    stored.issuer = TOMBSTONE
    for (const _ of [1, 2]) {
      expect((await update(TOMBSTONE)).toSorted()).toEqual(ALL_REMOVED.toSorted())
      expect([copies.all.size, loads]).toEqual([0, []])
    }
  })

  test('of an issuer that publishes no key', async () => {
    const { update, stored, copies } = updating()
    await update(ISSUER)
    stored.issuer = next({ ring: aRing({ keys: [] }) })
    expect(await update(stored.issuer)).toEqual([`get ${KEYS}`, ...ALL_REMOVED])
    expect(copies.all.size).toBe(0)
  })

  test('all of them, whatever becomes of one', async () => {
    const { update, stored, copies } = updating()
    await update(ISSUER)
    stored.issuer = TOMBSTONE
    const { delete: remove } = copies
    copies.delete = async (name) => {
      if (name === KEYS_NAME) throw new Fault('static_copies_unavailable', 'why')
      await setImmediate()
      await remove(name)
    }
    await expect(update(TOMBSTONE)).rejects.toThrow(new Fault('static_copies_unavailable', 'why'))
    expect([...copies.all.keys()]).toEqual([KEYS_NAME])
  })
})

test('an issuer that is nowhere any more is left alone', async () => {
  const { deps, copies } = updating()
  await updateCopies(deps, ISSUER)
  expect(copies.all.size).toBe(3)
})

test('the name of RFC 8414 has the discovery document', async () => {
  const { update, copies } = updating()
  await update(ISSUER)
  const name = 'oidc.example.com/prod/.well-known/openid-configuration'
  expect(copies.all.get(SERVER_NAME)).toEqual(copies.all.get(name))
})
