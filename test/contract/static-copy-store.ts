/**
 * What every store of static copies does: the contract suite of the port `StaticCopyStore`.
 *
 * Each test has a name of its own, so the store need not be empty. An etag may be a hash of the body.
 */

import { describe, expect, test } from 'vitest'
import type {
  StaticCopy,
  StaticCopyStore,
  StoredStaticCopy,
} from '../../src/static-copies/static-copy-store.ts'

const newName = (): string => `oidc.acme.dev/${crypto.randomUUID()}/.well-known/jwks.json`

function aCopy(members: Partial<StaticCopy> = {}): StaticCopy {
  return {
    body: '{"keys":[]}',
    contentType: 'application/jwk-set+json',
    cacheControl: 'public, max-age=300',
    ringVersion: 7,
    edition: 'edition-of-7',
    ...members,
  }
}

export function describeStaticCopyStore(
  name: string,
  makeStore: () => StaticCopyStore | Promise<StaticCopyStore>,
): void {
  async function storeWith(at: string, copy: StaticCopy): Promise<StaticCopyStore> {
    const store = await makeStore()
    expect(await store.put(at, copy, { ifNoneMatch: '*' })).toBe('written')
    return store
  }

  describe(`static copies in ${name}`, () => {
    test('are not there before they are written', async () => {
      expect(await (await makeStore()).get(newName())).toBeUndefined()
    })

    test.each<[string, Partial<StaticCopy>]>([
      ['all its headers', {}],
      ['another type', { contentType: 'application/json' }],
      ['a revision of many digits', { ringVersion: 123_456_789_012 }],
      ['letters of the world', { body: 'Zürich, 東京, 🔑' }],
      ['300 KB', { body: 'é🔑x-'.repeat(30_000) }],
    ])('come back as they were written, with %s', async (_title, members) => {
      const at = newName()
      const store = await storeWith(at, aCopy(members))
      expect(await store.get(at)).toEqual({ ...aCopy(members), etag: expect.any(String) })
    })

    test.each([
      ['below a path of the issuer', `oidc.acme.dev/${crypto.randomUUID()}/b/.well-known/x`],
      ['of a host with a port', `127.0.0.1:8787/${crypto.randomUUID()}`],
      ['with letters of the world', `oidc.acme.dev/zürich ${crypto.randomUUID()}/東京`],
      ['with what URLs escape', `oidc.acme.dev/${crypto.randomUUID()}/%25 %41 [x] ~!$&'()*,;=:@`],
    ])('have names %s', async (_title, at) => {
      const store = await storeWith(at, aCopy({ body: at }))
      expect(await store.get(at)).toMatchObject({ body: at })
      expect(await store.get(`${at}/`)).toBeUndefined()
      await store.delete(at)
      expect(await store.get(at)).toBeUndefined()
    })

    test('are not created twice', async () => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      const before = await store.get(at)
      const other = aCopy({ body: 'other', ringVersion: 8 })
      expect(await store.put(at, other, { ifNoneMatch: '*' })).toBe('conflict')
      expect(await store.get(at)).toEqual(before)
    })

    test('are replaced with their headers, by who has read them', async () => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      const next = aCopy({ body: 'next', cacheControl: 'public, max-age=60', ringVersion: 8 })
      const { etag } = await read(store, at)
      expect(await store.put(at, next, { ifMatch: etag })).toBe('written')
      expect(await store.get(at)).toMatchObject(next)
    })

    test('are replaced by the same body with other headers', async () => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      const next = aCopy({ ringVersion: 8, edition: 'edition-of-8' })
      expect(await store.put(at, next, { ifMatch: (await read(store, at)).etag })).toBe('written')
      expect(await store.get(at)).toMatchObject(next)
    })

    test('are not replaced by who has read older ones', async () => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      const { etag } = await read(store, at)
      await store.put(at, aCopy({ body: 'two' }), { ifMatch: etag })
      const present = await read(store, at)
      expect(await store.put(at, aCopy({ body: 'three' }), { ifMatch: etag })).toBe('conflict')
      expect(await store.get(at)).toEqual(present)
    })

    test.each([['"invented"'], [''], ['*']])('are not replaced under the etag %j', async (etag) => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      expect(await store.put(at, aCopy({ body: 'two' }), { ifMatch: etag })).toBe('conflict')
      expect(await store.get(at)).toMatchObject(aCopy())
    })

    test('are deleted, and what was deleted is created and not replaced', async () => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      const { etag } = await read(store, at)
      await store.delete(at)
      expect(await store.get(at)).toBeUndefined()
      expect(await store.put(at, aCopy(), { ifMatch: etag })).toBe('conflict')
      expect(await store.get(at)).toBeUndefined()
      expect(await store.put(at, aCopy(), { ifNoneMatch: '*' })).toBe('written')
    })

    test('may be deleted where there are none, and no others with them', async () => {
      const at = newName()
      const store = await storeWith(at, aCopy())
      await store.delete(`${at}2`)
      await store.delete(at.slice(0, -1))
      expect(await store.get(at)).toMatchObject(aCopy())
    })

    test('have one winner of ten who race', async () => {
      const at = newName()
      const store = await makeStore()
      const bodies = Array.from({ length: 10 }, (_, n) => `racer ${n}`)
      const outcomes = await Promise.all(
        bodies.map((body) => store.put(at, aCopy({ body }), { ifNoneMatch: '*' })),
      )
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      expect((await read(store, at)).body).toBe(bodies[outcomes.indexOf('written')])
    })
  })
}

async function read(store: StaticCopyStore, name: string): Promise<StoredStaticCopy> {
  const found = await store.get(name)
  if (found === undefined) throw new Error(`there is no copy ${name}`)
  return found
}
