/**
 * What a host answers and logs when something of its own fails: little outward, exact inward, secrets nowhere.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { Fault } from '../../src/errors.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { RETRY_AFTER_SECONDS } from '../../src/limits.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import { type InProcessHost, inProcessHost } from '../support/hosts/in-process.ts'
import { switchedStore } from '../support/hosts/stores.ts'
import type { TestHost, TestResponse } from '../support/hosts/test-host.ts'

const PUBLIC_PATHS = [
  '/{id}/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server/{id}',
  '/{id}/.well-known/jwks.json',
  '/{id}/healthz',
]
const MINT = { subject: 's', audience: 'a' }

interface Attempt {
  readonly method: string
  readonly path: string
  readonly json?: object
}

/** Everything that reads or changes one issuer. */
const ATTEMPTS: Attempt[] = [
  { method: 'GET', path: '/issuers/{id}' },
  { method: 'GET', path: '/issuers/{id}/keys' },
  { method: 'POST', path: '/issuers', json: { id: '{id}' } },
  { method: 'PATCH', path: '/issuers/{id}', json: { policy: { jwksMaxAgeSeconds: 120 } } },
  { method: 'DELETE', path: '/issuers/{id}' },
  { method: 'POST', path: '/issuers/{id}/tokens', json: MINT },
  { method: 'POST', path: '/issuers/{id}/rotate' },
  { method: 'POST', path: '/issuers/{id}/sweep' },
]

function attempt(host: TestHost, id: string, { method, path, json }: Attempt) {
  const body = json && (JSON.parse(JSON.stringify(json).replaceAll('{id}', id)) as object)
  return control(host, method, path.replace('{id}', id), body === undefined ? {} : { json: body })
}

function expectUnavailable({ status, headers, body }: TestResponse, code: string): void {
  expect(status).toBe(503)
  expect(headers['retry-after']).toBe(String(RETRY_AFTER_SECONDS))
  expect(headers['cache-control']).toBe('no-store')
  expect(JSON.parse(body)).toMatchObject({ error: code })
  expect(Buffer.byteLength(body)).toBeLessThan(300)
}

async function change(store: DocumentStore, id: string, to: (body: string) => string) {
  const { body, etag } = (await store.get(issuerKey(id))) ?? { body: '', etag: '' }
  expect(await store.put(issuerKey(id), to(body), { ifMatch: etag })).toBe('written')
}

type LogRecord = Record<string, unknown>

/** But for those of the control API, which has one for each action. */
function records(host: InProcessHost): LogRecord[] {
  const all = host.logLines().map((line) => JSON.parse(line) as LogRecord)
  return all.filter(({ event }) => event !== 'control_action')
}

/** What was logged of requests that failed, and what of public reads behind them. */
function failures(host: InProcessHost): { requests: LogRecord[]; reads: LogRecord[] } {
  const all = records(host)
  const requests = all.filter(({ event }) => event === 'request_failed')
  const reads = all.filter(({ event }) => event === 'storage_read_failed')
  expect(requests.length + reads.length).toBe(all.length)
  return { requests, reads }
}

const edit = (apply: (document: Record<string, unknown>) => void) => (body: string) => {
  const document = JSON.parse(body) as Record<string, unknown>
  apply(document)
  return JSON.stringify(document)
}

describe('a stored document that cannot be read', () => {
  test.each<[title: string, to: (body: string) => string]>([
    ['half of it', (body) => body.slice(0, body.length / 2)],
    ['nothing', () => ''],
    ['null', () => 'null'],
    ['another version', edit((document) => (document['version'] = 99))],
    ['an unknown member', edit((document) => (document['evil'] = 1))],
    ['a member less', edit((document) => delete document['policy'])],
    ['the document of another issuer', edit((document) => (document['id'] = 'another'))],
    ['a key without its reference', (body) => body.replace('"keyRef"', '"ref"')],
  ])('%s: that issuer answers 503, the others serve on', async (_title, to) => {
    const store = memoryStore()
    const host = inProcessHost({ store })
    const [broken, sound] = [await createIssuer(host), await createIssuer(host)]
    await change(store, broken.id, to)
    for (const path of PUBLIC_PATHS) {
      const response = await host.request('GET', path.replace('{id}', broken.id))
      expectUnavailable(response, 'document_corrupt')
      expect(response.body).not.toMatch(/keyRef|slot|policy|version|JSON|evil/)
      expect((await host.request('GET', path.replace('{id}', sound.id))).status).toBe(200)
    }
    for (const request of ATTEMPTS) {
      expectUnavailable(await attempt(host, broken.id, request), 'document_corrupt')
    }
    const { requests, reads } = failures(host)
    expect(requests).toHaveLength(PUBLIC_PATHS.length + ATTEMPTS.length)
    expect(reads).toHaveLength(PUBLIC_PATHS.length)
    for (const record of [...requests, ...reads]) {
      expect(record).toMatchObject({
        level: record['event'] === 'request_failed' ? 'error' : 'warn',
        code: 'document_corrupt',
        problem: expect.stringContaining(`issuer ${broken.id} cannot be read`),
      })
    }
    expect(
      (await control(host, 'POST', `/issuers/${sound.id}/tokens`, { json: MINT })).status,
    ).toBe(201)
  })

  test('is named by the list, which still shows the others', async () => {
    const store = memoryStore()
    const host = inProcessHost({ store })
    const [broken, sound] = [await createIssuer(host), await createIssuer(host)]
    await change(store, broken.id, () => '{')
    const { issuers } = bodyOf<{ issuers: { id: string }[] }>(
      await control(host, 'GET', '/issuers'),
    )
    expect(issuers).toHaveLength(2)
    expect(issuers.find(({ id }) => id === broken.id)).toStrictEqual({
      id: broken.id,
      problem: expect.stringMatching(/cannot be read: it is not JSON; restore it from a backup$/),
    })
    expect(issuers.find(({ id }) => id === sound.id)).toMatchObject({ issuer: sound.issuer })
  })
})

describe('a store that does not answer', () => {
  test('for one issuer is named by the list, which still shows the others', async () => {
    const store = memoryStore()
    const host = inProcessHost({ store })
    const [lost, sound] = [await createIssuer(host), await createIssuer(host)]
    const fault = new Fault('storage_unavailable', `no answer for ${issuerKey(lost.id)}`)
    const get: DocumentStore['get'] = (key) =>
      key === issuerKey(lost.id) ? Promise.reject(fault) : store.get(key)
    const half = inProcessHost({ store: { ...store, get } })
    const response = await control(half, 'GET', '/issuers')
    expect(response.status).toBe(200)
    const { issuers } = bodyOf<{ issuers: { id: string }[] }>(response)
    const problem = `no answer for ${issuerKey(lost.id)}`
    expect(issuers).toContainEqual({ id: lost.id, problem })
    expect(issuers.find(({ id }) => id === sound.id)).toMatchObject({ issuer: sound.issuer })
    expectUnavailable(await control(half, 'GET', `/issuers/${lost.id}`), 'storage_unavailable')
  })

  test('is 503 storage_unavailable, and passes', async () => {
    const store = switchedStore(memoryStore())
    const host = inProcessHost({ store })
    const { id } = await createIssuer(host)
    const lost = new Fault('storage_unavailable', 'no answer', {
      cause: new RangeError('arn:aws:1'),
    })
    for (const operation of ['get', 'list'] as const) store.fail(operation, lost)
    for (const path of PUBLIC_PATHS) {
      const response = await host.request('GET', path.replace('{id}', id))
      expectUnavailable(response, 'storage_unavailable')
    }
    for (const request of [...ATTEMPTS, { method: 'GET', path: '/issuers' }]) {
      expectUnavailable(await attempt(host, id, request), 'storage_unavailable')
    }
    const { requests, reads } = failures(host)
    expect(requests).toHaveLength(PUBLIC_PATHS.length + ATTEMPTS.length + 1)
    for (const record of requests) {
      expect(record).toMatchObject({ code: 'storage_unavailable', cause: 'RangeError' })
    }
    expect(reads).toHaveLength(PUBLIC_PATHS.length)
    for (const record of reads) {
      expect(record).toMatchObject({ level: 'warn', code: 'storage_unavailable' })
    }
    expect((await host.request('GET', '/healthz')).status).toBe(200)
    for (const operation of ['get', 'list'] as const) store.fail(operation, undefined)
    expect((await control(host, 'GET', `/issuers/${id}`)).status).toBe(200)
  })

  test('is 503 when only its writes fail, and the issuer stays as it was', async () => {
    const store = switchedStore(memoryStore())
    const host = inProcessHost({ store })
    const { id } = await createIssuer(host)
    const before = await control(host, 'GET', `/issuers/${id}`)
    store.fail('put', new Fault('storage_unavailable', 'no answer'))
    for (const request of ATTEMPTS.filter(({ method }) => ['PATCH', 'DELETE'].includes(method))) {
      expectUnavailable(await attempt(host, id, request), 'storage_unavailable')
    }
    const fresh = await control(host, 'POST', '/issuers', { json: { id: 'fresh' } })
    expectUnavailable(fresh, 'storage_unavailable')
    expect(await control(host, 'GET', `/issuers/${id}`)).toStrictEqual(before)
    expect((await control(host, 'GET', '/issuers/fresh')).status).toBe(404)
  })
})

test('an exception that nobody expected is 500 without its message', async () => {
  const store = switchedStore(memoryStore())
  const host = inProcessHost({ store })
  const { id } = await createIssuer(host)
  store.fail('get', new TypeError('marked-message of /home/marked-path'))
  const answers = [
    ...(await Promise.all(PUBLIC_PATHS.map((p) => host.request('GET', p.replace('{id}', id))))),
    ...(await Promise.all(ATTEMPTS.map((request) => attempt(host, id, request)))),
  ]
  for (const [index, answer] of answers.entries()) {
    expect(answer.status).toBe(500)
    const origin = index < PUBLIC_PATHS.length ? '*' : undefined
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(JSON.parse(answer.body)).toStrictEqual({
      error: 'server_error',
      error_description: 'the request could not be completed',
    })
  }
  const { requests, reads } = failures(host)
  expect(requests).toHaveLength(answers.length)
  for (const record of requests) {
    expect(record).toStrictEqual({
      level: 'error',
      event: 'request_failed',
      code: 'internal',
      cause: 'TypeError',
    })
  }
  for (const record of reads) {
    expect(record).toStrictEqual({
      level: 'warn',
      event: 'storage_read_failed',
      cause: 'TypeError',
    })
  }
})

describe('a sealed secret that does not fit', () => {
  const keyManager = sealedKeyManager({ secret: new Uint8Array(32).fill(7), deployment: 'test' })

  test('minting is 503 key_unavailable, the public documents are served on', async () => {
    const store = memoryStore()
    const { id } = await createIssuer(inProcessHost({ store }))
    const host = inProcessHost({ store, keyManager })
    const response = await control(host, 'POST', `/issuers/${id}/tokens`, { json: MINT })
    expectUnavailable(response, 'key_unavailable')
    expect(response.body).not.toMatch(/eyJ|sealed-v1/)
    expect(records(host)).toMatchObject([
      { code: 'key_unavailable', problem: expect.stringContaining(`issuer ${id}`) },
    ])
    for (const path of PUBLIC_PATHS) {
      expect((await host.request('GET', path.replace('{id}', id))).status).toBe(200)
    }
  })

  test('its issuer can still be read and deleted', async () => {
    const store = memoryStore()
    const { id } = await createIssuer(inProcessHost({ store }))
    const host = inProcessHost({ store, keyManager })
    expect((await control(host, 'GET', `/issuers/${id}`)).status).toBe(200)
    expect((await control(host, 'DELETE', `/issuers/${id}`)).status).toBe(200)
  })
})
