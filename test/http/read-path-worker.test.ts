/**
 * The same faults of the Worker's own storage: what is written straight into its copies.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS } from '../../src/limits.ts'
import { bodyOf, control, createIssuer, newIssuerId } from '../support/hosts/control-client.ts'
import { type WorkerHost, workerHost } from '../support/hosts/worker.ts'
import { versionOf } from './reading.ts'

let host: WorkerHost

beforeAll(async () => {
  host = await workerHost()
})

afterAll(() => host.close())

const jwkSet = (id: string) => host.request('GET', `/${id}/.well-known/jwks.json`)
const health = (id: string) => host.request('GET', `/${id}/healthz`)
const copyOf = async (id: string) => (await host.copies())[issuerKey(id)] ?? ''

/** Has the Worker read its copy at the next request, which then is the given one. */
async function next(id: string, copy: string | undefined): Promise<void> {
  const json = { policy: {} }
  expect((await control(host, 'PATCH', `/issuers/${id}`, { json })).status).toBe(200)
  await host.replaceCopy(issuerKey(id), copy)
}

describe('a copy that was good and then is', () => {
  test.each<[what: string, make: (good: string) => string | undefined]>([
    ['garbage', () => 'marked-garbage'],
    ['empty', () => ''],
    ['cut off', (good) => good.slice(0, -10)],
    ['of another issuer', (good) => good.replace('"id":"t-', '"id":"u-')],
    ['of another URL', (good) => good.replace(/"issuer":"[^"]*"/, '"issuer":"https://a.example"')],
    ['of a newer format', (good) => good.replace('"version":3', '"version":99')],
    ['without policy', (good) => good.replace(/"policy":\{[^}]*\},/, '')],
    ['gone', () => undefined],
  ])('%s is served from the last good one', async (_what, make) => {
    const { id } = await createIssuer(host)
    const good = await jwkSet(id)
    expect(versionOf(good)).toBe(1)
    await next(id, make(await copyOf(id)))
    expect(await jwkSet(id)).toStrictEqual(good)
    const report = await health(id)
    expect(report.status).toBe(200)
    const { status, storage } = bodyOf<{ status: string; storage: Record<string, number> }>(report)
    expect(status).toBe('last_good')
    const servedSeconds = MEMORY_COPY_SECONDS + LAST_GOOD_SECONDS
    expect(storage['lastGoodUntil']).toBe((storage['confirmedAt'] ?? 0) + servedSeconds)
    await control(host, 'PATCH', `/issuers/${id}`, { json: { policy: {} } })
    expect(versionOf(await jwkSet(id))).toBe(3)
    expect(bodyOf(await health(id))).toMatchObject({ status: 'ok', ringVersion: 3 })
  })

  test('older is never served', async () => {
    const { id } = await createIssuer(host)
    const oldest = await copyOf(id)
    await control(host, 'PATCH', `/issuers/${id}`, { json: { policy: {} } })
    expect(versionOf(await jwkSet(id))).toBe(2)
    await next(id, oldest)
    expect(versionOf(await jwkSet(id))).toBe(2)
    expect(bodyOf(await health(id))).toMatchObject({ status: 'ok', ringVersion: 2 })
  })

  test('one of before its deletion does not bring it back', async () => {
    const { id } = await createIssuer(host)
    const alive = await copyOf(id)
    await jwkSet(id)
    await control(host, 'DELETE', `/issuers/${id}`)
    expect((await jwkSet(id)).status).toBe(410)
    await host.replaceCopy(issuerKey(id), alive)
    await control(host, 'DELETE', `/issuers/${id}`)
    expect((await jwkSet(id)).status).toBe(410)
  })
})

test('the claim of a URL that is garbage is 503 until it was good once', async () => {
  const url = `https://${newIssuerId()}.example/prod`
  const json = { id: newIssuerId(), issuer: url, policy: { algorithm: 'ES256' } }
  expect((await control(host, 'POST', '/issuers', { json })).status).toBe(201)
  const claim = `locations/${url.slice('https://'.length)}`
  const good = (await host.copies())[claim]
  expect(good).toContain(json.id)
  const read = () =>
    host.request('GET', '/prod/.well-known/jwks.json', { headers: { Host: new URL(url).host } })
  await host.replaceCopy(claim, '{"version":1')
  const broken = await read()
  expect(broken.status).toBe(503)
  expect(bodyOf(broken)['error']).toBe('document_corrupt')
  await host.replaceCopy(claim, good)
  expect((await read()).status).toBe(200)
  await control(host, 'PATCH', `/issuers/${json.id}`, { json: { policy: {} } })
  await host.replaceCopy(claim, undefined)
  expect((await read()).status).toBe(200)
})

test('nothing of a broken copy is logged', async () => {
  await expect.poll(() => host.logLines().join('\n')).toMatch(/storage_read_failed/)
  expect(host.logLines().join('\n')).not.toMatch(/marked-garbage/)
})
