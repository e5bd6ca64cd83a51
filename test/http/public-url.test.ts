/**
 * An installation whose own URL changes: issuers that there are keep theirs, and are served under it.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import {
  bodyOf,
  control,
  type CreatedIssuer,
  createIssuer,
  newIssuerId,
} from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { newControlSecret, type TestHost, type TestResponse } from '../support/hosts/test-host.ts'
import { workerHost } from '../support/hosts/worker.ts'

const OLD = 'https://oidc.old.dev'
const NEW = 'https://oidc.new.dev'

/** One installation, of which one instance runs at a time. */
interface Installation {
  open(publicUrl: string): Promise<TestHost>
  close(): Promise<void>
}

function overMemory(): Installation {
  const store = memoryStore()
  return { open: async (publicUrl) => inProcessHost({ store, publicUrl }), close: async () => {} }
}

function onDisk(): Installation {
  const directory = mkdtemp(join(tmpdir(), 'signet-test-'))
  const controlSecret = newControlSecret()
  let running: TestHost | undefined
  return {
    open: async (publicUrl) => {
      await running?.close()
      running = await workerHost({ persist: await directory, publicUrl, controlSecret })
      return running
    },
    close: async () => {
      await running?.close()
      await rm(await directory, { recursive: true, force: true })
    },
  }
}

function get(host: TestHost, authority: string, path: string): Promise<TestResponse> {
  return host.request('GET', path, { headers: { Host: authority } })
}

const DISCOVERY = '/.well-known/openid-configuration'

describe.each([
  ['in process', overMemory],
  ['the Worker', onDisk],
])('%s, after PUBLIC_URL was changed', (_name, make) => {
  let installation: Installation
  let host: TestHost
  let old: CreatedIssuer
  let deleted: CreatedIssuer
  let document: TestResponse

  beforeAll(async () => {
    installation = make()
    const before = await installation.open(OLD)
    old = await createIssuer(before)
    deleted = await createIssuer(before)
    await control(before, 'DELETE', `/issuers/${deleted.id}`)
    document = await get(before, 'oidc.old.dev', `/${old.id}${DISCOVERY}`)
    host = await installation.open(NEW)
  })

  afterAll(() => installation.close())

  test('an issuer keeps its URL, and is served under it', async () => {
    const { id, issuer } = old
    expect(issuer).toBe(`${OLD}/${id}`)
    expect(bodyOf(document)['issuer']).toBe(issuer)
    expect(await get(host, 'oidc.old.dev', `/${id}${DISCOVERY}`)).toStrictEqual(document)
    for (const path of ['/.well-known/jwks.json', '/healthz']) {
      expect((await get(host, 'oidc.old.dev', `/${id}${path}`)).status).toBe(200)
    }
  })

  test('it may be changed, and keeps it then', async () => {
    const { id, issuer } = old
    const json = { policy: {} }
    const changed = await control(host, 'PATCH', `/issuers/${id}`, { json })
    expect(bodyOf(changed)).toMatchObject({ issuer, revision: 2 })
    const token = await control(host, 'POST', `/issuers/${id}/tokens`, {
      json: { subject: 's', audience: 'a' },
    })
    expect(bodyOf(token)['iss']).toBe(issuer)
  })

  test('it is not served under the new one, where its id may not come again', async () => {
    for (const authority of ['oidc.new.dev', 'elsewhere.dev']) {
      expect((await get(host, authority, `/${old.id}${DISCOVERY}`)).status).toBe(404)
    }
    expect((await control(host, 'POST', '/issuers', { json: { id: old.id } })).status).toBe(409)
  })

  test('a new issuer has the new one', async () => {
    const { id, issuer } = await createIssuer(host)
    expect(issuer).toBe(`${NEW}/${id}`)
    const discovery = await get(host, 'oidc.new.dev', `/${id}${DISCOVERY}`)
    expect(bodyOf(discovery)['issuer']).toBe(issuer)
    // The old host means the issuers that have it, and no others.
    expect((await get(host, 'oidc.old.dev', `/${id}${DISCOVERY}`)).status).toBe(404)
  })

  test('what would be its default under the new one may be another issuer', async () => {
    const at = (issuer: string) =>
      control(host, 'POST', '/issuers', {
        json: { id: newIssuerId(), issuer, policy: { custody: 'none' } },
      })
    expect((await at(`${NEW}/${old.id}`)).status).toBe(201)
    expect((await at(`${OLD}/${old.id}`)).status).toBe(409)
    // Both are at one path of two hosts: one has a key, the other publishes none yet.
    expect((await get(host, 'oidc.old.dev', `/${old.id}${DISCOVERY}`)).status).toBe(200)
    expect((await get(host, 'oidc.new.dev', `/${old.id}${DISCOVERY}`)).status).toBe(503)
  })

  test('a deleted one stays gone at its old URL', async () => {
    const { id, issuer } = deleted
    expect((await get(host, 'oidc.old.dev', `/${id}${DISCOVERY}`)).status).toBe(410)
    const json = { id: newIssuerId(), issuer }
    expect((await control(host, 'POST', '/issuers', { json })).status).toBe(410)
  })
})
