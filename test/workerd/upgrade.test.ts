/**
 * Workers: documents that earlier versions left in Durable Objects and in KV, under the Worker of this one.
 */

import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { durableObjectStore } from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { publicIssuersFromCopies } from '../../src/reading/public-issuers.ts'
import { keyManagers } from '../../src/signers/key-managers.ts'
import { rememberingSigners } from '../../src/signers/remembered-signers.ts'
import { wholeHost } from '../ring-life/hosts-over-ports.ts'
import { PLACES } from '../ring-life/ring-world.ts'
import {
  copiedBy,
  DELETED,
  KEPT_FORMATS,
  KEPT_UNTIL,
  type KeptFormat,
  LIVING,
  publishedBy,
  storedBy,
} from '../upgrade/kept-documents.ts'

const PUBLIC_URL = 'https://oidc.acme.dev'
const CONTROL_SECRET = 'control-secret-of-the-tests'

/** The Worker over objects and copies as that version left them. Each has objects of its own. */
async function upgradedFrom(format: KeptFormat) {
  const installation = crypto.randomUUID()
  const documents = durableObjectStore({
    documents: { getByName: (name) => env.DOCUMENTS.getByName(`${installation}/${name}`) },
    directory: { getByName: (name) => env.DIRECTORY.getByName(`${installation}/${name}`) },
  })
  for (const [key, body] of Object.entries(storedBy(format, PUBLIC_URL))) {
    expect(await documents.put(key, body, { ifNoneMatch: '*' })).toBe('written')
  }
  const copies = copiedBy(format, PUBLIC_URL)
  for (const [key, body] of Object.entries(copies)) await env.PUBLIC_COPIES.put(key, body)
  const clock = { seconds: KEPT_UNTIL }
  const secret = new Uint8Array(32).fill(1)
  const host = await wholeHost(
    {
      clock,
      publicUrl: PUBLIC_URL,
      deployment: 'test',
      documents,
      keyManagers: keyManagers(
        rememberingSigners(sealedKeyManager({ secret, deployment: 'test' })),
      ),
      publicIssuers: publicIssuersFromCopies(kvStore(env.PUBLIC_COPIES)),
    },
    PLACES[0],
    {
      controlSecret: CONTROL_SECRET,
      fetch: async (input, init) => host.fetch(new Request(input, init)),
    },
  )

  async function ask(method: string, path: string, json?: object) {
    const headers = { Authorization: `Bearer ${CONTROL_SECRET}` }
    const request = new Request(`${PUBLIC_URL}${path}`, {
      method,
      ...(json === undefined
        ? { headers }
        : {
            headers: { ...headers, 'Content-Type': 'application/json' },
            body: JSON.stringify(json),
          }),
    })
    const answer = await host.fetch(request)
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  return {
    clock,
    ask,
    copies,
    publishedKids: async () => {
      const { status, body } = await ask('GET', `/${LIVING}/.well-known/jwks.json`)
      expect(status).toBe(200)
      return (body['keys'] as { kid: string }[]).map(({ kid }) => kid)
    },
    storedVersion: async (id: string) =>
      (JSON.parse((await documents.get(`issuers/${id}`))?.body ?? '{}') as { version?: number })
        .version,
    copyOf: async (id: string) => env.PUBLIC_COPIES.get(`issuers/${id}`),
  }
}

describe.each(KEPT_FORMATS)('what format %i left on Workers', (format) => {
  test('is served from its copies, which stay as they are', async () => {
    const { ask, publishedKids, copies, copyOf } = await upgradedFrom(format)
    expect(await publishedKids()).toEqual(publishedBy(format))
    expect((await ask('GET', `/${DELETED}/.well-known/jwks.json`)).status).toBe(410)
    for (const id of [LIVING, DELETED]) expect(await copyOf(id)).toBe(copies[`issuers/${id}`])
  })

  test('is listed: who lives, and who was deleted', async () => {
    const { ask } = await upgradedFrom(format)
    expect((await ask('GET', '/control/issuers')).body).toMatchObject({ issuers: [{ id: LIVING }] })
    const deleted = await ask('GET', '/control/issuers?deleted=true')
    expect(deleted.body).toMatchObject({ issuers: [{ id: DELETED }] })
  })

  test('is changed, and then of the present format, its copy too', async () => {
    const { ask, storedVersion, copyOf } = await upgradedFrom(format)
    const json = { policy: { jwksMaxAgeSeconds: 300 } }
    expect((await ask('PATCH', `/control/issuers/${LIVING}`, json)).status).toBe(200)
    const present = KEPT_FORMATS.at(-1)
    expect(await storedVersion(LIVING)).toBe(present)
    expect(await copyOf(LIVING)).toContain(`"version":${present},`)
  })

  test('rotates on: its waiting key is seen, and is waited for', async () => {
    const { ask, storedVersion, clock } = await upgradedFrom(format)
    const rotate = async () => ask('POST', `/control/issuers/${LIVING}/rotate`)
    const seen = await rotate()
    expect(seen).toMatchObject({
      status: 200,
      body: {
        // What format 3 left was seen already.
        actions: format === 3 ? [] : [{ type: 'see', kid: 'kid-c', firstSeenAt: KEPT_UNTIL }],
        waits: expect.arrayContaining([
          expect.objectContaining({ reason: 'successor_seen_once', kid: 'kid-c' }),
        ]) as unknown,
      },
    })
    clock.seconds += 60
    expect((await rotate()).body).toMatchObject({ actions: [] })
    expect(await storedVersion(LIVING)).toBe(KEPT_FORMATS.at(-1))
  })

  test('stays deleted, whatever is asked of it', async () => {
    const { ask } = await upgradedFrom(format)
    const answers = [
      await ask('PATCH', `/control/issuers/${DELETED}`, { policy: {} }),
      await ask('POST', '/control/issuers', { id: DELETED }),
      await ask('GET', `/${DELETED}/.well-known/openid-configuration`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([410, 410, 410])
  })
})
