/**
 * Reading writes nothing: neither where every write fails, nor where what is written can be seen on disk.
 */

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { control, createIssuer } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { switchedStore } from '../support/hosts/stores.ts'
import { type WorkerHost, workerHost } from '../support/hosts/worker.ts'

const PUBLIC: [path: string, status: number][] = [
  ['/healthz', 200],
  ['/{id}/healthz', 200],
  ['/{id}/.well-known/openid-configuration', 200],
  ['/.well-known/oauth-authorization-server/{id}', 200],
  ['/{id}/.well-known/jwks.json', 200],
  ['/{deleted}/.well-known/jwks.json', 410],
  ['/{deleted}/healthz', 410],
  ['/nobody/.well-known/openid-configuration', 404],
  ['/.well-known/oauth-authorization-server/nobody', 404],
  ['/nobody/.well-known/jwks.json', 404],
  ['/nobody/healthz', 404],
  ['/', 404],
]

const CONTROL: [path: string, status: number][] = [
  ['/issuers', 200],
  ['/issuers?after={id}', 200],
  ['/issuers?deleted=true', 200],
  ['/issuers/{id}', 200],
  ['/issuers/{id}/keys', 200],
  ['/issuers/{deleted}', 410],
  ['/issuers/nobody', 404],
  ['/issuers/nobody/keys', 404],
  ['/issuers/{id}/tokens', 405],
  ['/issuers/{id}/adopted-keys', 405],
]

/** What asks for an issuer first, and then has nothing to change. */
const ON_UNKNOWN_ISSUERS: [method: string, path: string, json?: object][] = [
  ['GET', '/issuers/unknown-1'],
  ['GET', '/issuers/unknown-2/keys'],
  ['POST', '/issuers/unknown-3/tokens', { subject: 's', audience: 'a' }],
  ['PATCH', '/issuers/unknown-4', { policy: {} }],
  ['DELETE', '/issuers/unknown-5'],
  ['PUT', '/issuers/unknown-6/adopted-keys', { keys: [] }],
]

describe('over a store that refuses every write', () => {
  test.each([...PUBLIC, ...CONTROL.map(([p, s]): [string, number] => [`/control${p}`, s])])(
    'GET and HEAD %s answer %i',
    async (path, status) => {
      const store = switchedStore(memoryStore())
      const host = inProcessHost({ store })
      const { id } = await createIssuer(host)
      const { id: deleted } = await createIssuer(host)
      await control(host, 'DELETE', `/issuers/${deleted}`)
      const { put } = store.calls
      store.fail('put', new TypeError('a GET wrote'))
      // Late enough for a rotation to be due: a reader must not be the one that performs it.
      host.clock.seconds += 365 * 86_400
      const headers = { Authorization: `Bearer ${host.controlSecret}` }
      for (const method of ['GET', 'HEAD']) {
        const raw = path.replace('{id}', id).replace('{deleted}', deleted)
        expect((await host.request(method, raw, { headers })).status).toBe(status)
      }
      expect(store.calls.put).toBe(put)
    },
  )
})

test('a GET leaves no trace in the Worker’s storage', async () => {
  const persist = await mkdtemp(join(tmpdir(), 'signet-test-'))
  let host: WorkerHost | undefined
  try {
    host = await workerHost({ persist })
    const { id } = await createIssuer(host)
    const { id: deleted } = await createIssuer(host)
    await control(host, 'DELETE', `/issuers/${deleted}`)
    const before = await traces(host, persist)
    expect(before.objects.length).toBeGreaterThan(0)
    expect(before.copies.map((key) => key.split('/')[0])).toStrictEqual([
      'issuers',
      'issuers',
      'locations',
      'locations',
    ])
    for (const [path, status] of PUBLIC) {
      for (const method of ['GET', 'HEAD']) {
        const raw = path.replace('{id}', id).replace('{deleted}', deleted)
        expect((await host.request(method, raw)).status).toBe(status)
      }
    }
    for (let index = 0; index < 20; index += 1) {
      await host.request('GET', `/unknown-${index}/.well-known/jwks.json`)
    }
    for (const [path, status] of CONTROL) {
      for (const method of ['GET', 'HEAD']) {
        const below = path.replace('{id}', id).replace('{deleted}', deleted)
        expect((await control(host, method, below)).status).toBe(status)
      }
    }
    for (const [method, path, json] of ON_UNKNOWN_ISSUERS) {
      expect((await control(host, method, path, json && { json })).status).toBe(404)
    }
    expect(await traces(host, persist)).toStrictEqual(before)
  } finally {
    await host?.close()
    await rm(persist, { recursive: true, force: true })
  }
})

/** The objects that have storage, and the copies that there are. */
async function traces(host: WorkerHost, persist: string) {
  const files = await readdir(join(persist, 'objects'), { recursive: true })
  return {
    objects: files.filter((file) => file.endsWith('.sqlite')).toSorted(),
    copies: Object.keys(await host.copies()).toSorted(),
  }
}
