/**
 * Updates of static copies that meet somebody else.
 */

import { describe, expect, test } from 'vitest'
import { anIssuer, aRing, NOW } from '../../support/fixtures.ts'
import { BOUNDS } from '../../support/rotation-fixtures.ts'
import { wantedCopies } from '../../support/static-copies.ts'
import {
  ALL_WRITTEN,
  DISCOVERY,
  ISSUER,
  KEYS,
  KEYS_NAME,
  next,
  SERVER,
  TOMBSTONE,
  updating,
} from './updating.ts'

describe('another run', () => {
  test('that was first is not overwritten by an older document', async () => {
    const { update, stored, compared, logged } = updating()
    stored.issuer = next()
    await update(stored.issuer)
    expect(await update(ISSUER)).toEqual([`get ${KEYS}`, `get ${KEYS}`])
    const [are, should] = await compared(stored.issuer)
    expect(are).toEqual(should)
    expect(logged.map(([, event]) => event)).toEqual(['static_copies_written'])
  })

  test('that has begun with the discovery document is not overwritten either', async () => {
    const { update, stored, copies } = updating()
    await update(ISSUER)
    const later = next()
    const names = Object.entries(await wantedCopies(later, BOUNDS, NOW))
    for (const [name, copy] of names.slice(0, 2)) {
      const { etag = '' } = (await copies.get(name)) ?? {}
      await copies.put(name, copy, { ifMatch: etag })
    }
    await copies.delete(KEYS_NAME)
    stored.issuer = ISSUER
    expect(await update(ISSUER)).toEqual([`get ${KEYS}`, `get ${DISCOVERY}`])
    expect([...copies.all.values()].map(({ ringVersion }) => ringVersion)).toEqual([10, 10])
  })

  test('of a revision that no document has is told to operators', async () => {
    const { update, stored, copies, logged } = updating()
    await update(next())
    stored.issuer = ISSUER
    await update(ISSUER)
    expect(copies.all.get(KEYS_NAME)?.ringVersion).toBe(10)
    expect(logged.at(-1)).toEqual([
      'error',
      'static_copies_newer',
      {
        issuer: 'prod',
        problem:
          'the static copies of issuer prod are of a later revision than 9, which its document has, and stay as they are: raise the document\'s revision above every one that was published; where nobody knows of such a revision, delete the copies by hand ("aws s3 rm" of oidc.example.com/prod/.well-known/openid-configuration, oidc.example.com/.well-known/oauth-authorization-server/prod and oidc.example.com/prod/.well-known/jwks.json in their bucket), and the next run writes them anew',
      },
    ])
  })

  test.each([10, Number.MAX_SAFE_INTEGER, Infinity])(
    'of a revision that no document has, %d, is left alone until somebody deletes its copies',
    async (ringVersion) => {
      const { update, stored, copies, compared, logged } = updating()
      for (const [name, copy] of Object.entries(await wantedCopies(next(), BOUNDS, NOW))) {
        await copies.put(name, { ...copy, ringVersion }, { ifNoneMatch: '*' })
      }
      const before = new Map(copies.all)
      stored.issuer = ISSUER
      for (const _ of [1, 2]) expect(await update(ISSUER)).toEqual([`get ${KEYS}`])
      expect(copies.all).toEqual(before)
      expect(logged.map(([, event]) => event)).toEqual([
        'static_copies_newer',
        'static_copies_newer',
      ])
      for (const name of before.keys()) await copies.delete(name)
      expect(await update(ISSUER)).toEqual(ALL_WRITTEN)
      const [are, should] = await compared(ISSUER)
      expect(are).toEqual(should)
    },
  )

  test.each([
    [1, [`get ${KEYS}`, `get ${DISCOVERY}`, `put ${DISCOVERY}`]],
    [2, [`get ${KEYS}`, `get ${DISCOVERY}`, `put ${DISCOVERY}`, `get ${SERVER}`, `put ${SERVER}`]],
    [3, ALL_WRITTEN],
  ])('that writes first, at put %d, has the rest', async (at, calls) => {
    const { update, copies } = updating()
    const { put } = copies
    let puts = 0
    copies.put = async (name, copy, condition) => {
      puts += 1
      if (puts === at) await put(name, { ...copy, body: 'of another' }, { ifNoneMatch: '*' })
      return put(name, copy, condition)
    }
    const asked = await update(ISSUER)
    // The other's put is one more.
    expect(asked.filter((call, index) => call !== asked[index - 1])).toEqual(calls)
    expect([...copies.all.values()].at(-1)?.body).toBe('of another')
  })

  test('that changed the issuer meanwhile is followed at once', async () => {
    const { update, stored, copies, compared } = updating()
    const { put } = copies
    copies.put = async (...request) => {
      stored.issuer = next()
      return put(...request)
    }
    await update(ISSUER)
    const [are, should] = await compared(next())
    expect(are).toEqual(should)
  })

  test.each([1, 2, 3])('that deleted the issuer before put %d is followed at once', async (at) => {
    const { update, stored, copies } = updating()
    const { put } = copies
    let puts = 0
    copies.put = async (...request) => {
      puts += 1
      if (puts === at) {
        stored.issuer = TOMBSTONE
        for (const name of copies.all.keys()) await copies.delete(name)
      }
      return put(...request)
    }
    await update(ISSUER)
    expect(copies.all.size).toBe(0)
  })

  test('that made a key before the copies of none were removed is followed too', async () => {
    const { update, stored, copies, compared } = updating()
    const keyless = anIssuer({ ...ISSUER, ring: aRing({ keys: [] }) })
    const { delete: remove } = copies
    let isFirst = true
    copies.delete = async (name) => {
      if (isFirst) {
        isFirst = false
        stored.issuer = next()
        for (const [at, copy] of Object.entries(await wantedCopies(next(), BOUNDS, NOW))) {
          await copies.put(at, copy, { ifNoneMatch: '*' })
        }
      }
      await remove(name)
    }
    await update(keyless)
    const [are, should] = await compared(next())
    expect(are).toEqual(should)
  })

  test('after another ends no later than it must: a deletion at last is followed', async () => {
    const { update, stored, copies, loads } = updating()
    const { put } = copies
    copies.put = async (...request) => {
      const revision = (stored.issuer?.revision ?? 0) + 1
      stored.issuer = loads.length < 4 ? anIssuer({ ...ISSUER, revision }) : TOMBSTONE
      return put(...request)
    }
    await update(ISSUER)
    expect([loads.length, copies.all.size]).toEqual([5, 0])
  })
})
