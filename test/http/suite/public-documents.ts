/**
 * The public documents as HTTP resources: validators, caching, methods, versions; and nothing of the request in them.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf, control, createIssuer, revisionAfter } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { servesForeignHosts } from './before-host.ts'

const DISCOVERY = '/{id}/.well-known/openid-configuration'
const AUTHORIZATION_SERVER = '/.well-known/oauth-authorization-server/{id}'
const JWK_SET = '/{id}/.well-known/jwks.json'
const DOCUMENTS = [DISCOVERY, AUTHORIZATION_SERVER, JWK_SET]

export function describePublicDocuments(getHost: () => TestHost): void {
  let shared = ''

  const get = (path: string, id = shared, headers: Readonly<Record<string, string>> = {}) =>
    getHost().request('GET', path.replace('{id}', id), { headers })

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
  })

  describe.each(DOCUMENTS)('GET %s', (path) => {
    test('has a strong ETag that stays while the document stays', async () => {
      const [first, second] = [await get(path), await get(path)]
      expect(first.headers['etag']).toMatch(/^"[\w-]{43}"$/)
      expect(second.headers['etag']).toBe(first.headers['etag'])
    })

    test('has another ETag at another issuer', async () => {
      const other = await createIssuer(getHost())
      const [mine, its] = [await get(path), await get(path, other.id)]
      expect(its.headers['etag']).not.toBe(mine.headers['etag'])
    })

    test.each<[title: string, header: (etag: string) => string]>([
      ['the same ETag', (etag) => etag],
      ['a list that has it', (etag) => `"other", ${etag} , "another"`],
      ['its weak form', (etag) => `W/${etag}`],
      ['a list that has its weak form', (etag) => `"other",W/${etag}`],
      ['anything', () => '*'],
    ])('answers 304 without a body to %s', async (_title, header) => {
      const full = await get(path)
      const { etag = '' } = full.headers
      const response = await get(path, shared, { 'If-None-Match': header(etag) })
      expect(response).toMatchObject({ status: 304, body: '' })
      const { 'content-type': _type, 'content-length': _length, ...retained } = full.headers
      expect(response.headers).toStrictEqual(retained)
    })

    test.each<[title: string, header: (etag: string) => string]>([
      ['another ETag', () => '"other"'],
      ['an ETag without quotes', (etag) => etag.replaceAll('"', '')],
      ['an empty list', () => ','],
    ])('answers the document to %s', async (_title, header) => {
      const { body, headers } = await get(path)
      const response = await get(path, shared, { 'If-None-Match': header(headers['etag'] ?? '') })
      expect(response).toMatchObject({ status: 200, body })
    })

    test('answers HEAD with the headers of GET and no body', async () => {
      const head = await getHost().request('HEAD', path.replace('{id}', shared))
      const { headers } = await get(path)
      const { 'content-length': length, ...others } = headers
      expect(head).toMatchObject({ status: 200, body: '' })
      expect({ 'content-length': length, ...head.headers }).toStrictEqual({
        'content-length': length,
        ...others,
      })
    })

    test('may be read by any origin, also after a preflight', async () => {
      const headers = {
        Origin: 'https://console.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'if-none-match',
      }
      const preflight = await getHost().request('OPTIONS', path.replace('{id}', shared), {
        headers,
      })
      expect(preflight).toMatchObject({ status: 204, body: '' })
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD',
        'access-control-allow-headers': 'If-None-Match',
      })
      const response = await get(path, shared, { Origin: 'https://console.example' })
      expect(response.headers['access-control-allow-origin']).toBe('*')
      expect(response.headers['access-control-allow-credentials']).toBeUndefined()
    })

    test('is cached as long as the policy says, also when only revalidated', async () => {
      const { id } = await createIssuer(getHost(), { jwksMaxAgeSeconds: 120 })
      const before = await get(path, id)
      expect(before.headers['cache-control']).toBe(
        'public, max-age=120, s-maxage=60, stale-if-error=600',
      )
      await update(id, { jwksMaxAgeSeconds: 240 })
      const after = await get(path, id, { 'If-None-Match': before.headers['etag'] ?? '' })
      expect(after.headers['cache-control']).toBe(
        'public, max-age=240, s-maxage=60, stale-if-error=600',
      )
    })
  })

  async function update(id: string, policy: object): Promise<TestResponse> {
    return control(getHost(), 'PATCH', `/issuers/${id}`, { json: { policy } })
  }

  test('the version of the JWK Set counts the writes, not the refused ones', async () => {
    const { id } = await createIssuer(getHost())
    const versions: unknown[] = []
    const note = async () => versions.push((await get(JWK_SET, id)).headers['signet-ring-version'])
    await note()
    await update(id, { jwksMaxAgeSeconds: 240 })
    await note()
    expect((await update(id, { jwksMaxAgeSeconds: 1 })).status).toBe(400)
    await note()
    await update(id, { jwksMaxAgeSeconds: 120 })
    await note()
    const counted = [0, 1, 1, 2].map((changes) => String(revisionAfter(getHost(), changes)))
    expect(versions).toStrictEqual(counted)
  })

  test('the discovery document and its RFC 8414 form are one document', async () => {
    const [discovery, rfc8414] = [await get(DISCOVERY), await get(AUTHORIZATION_SERVER)]
    expect(rfc8414.body).toBe(discovery.body)
    expect(rfc8414.headers).toStrictEqual(discovery.headers)
  })

  test('what discovery promises is what the JWK Set has', async () => {
    const { id, issuer } = await createIssuer(getHost())
    const discovery = bodyOf(await get(DISCOVERY, id))
    expect(discovery).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
    const { keys } = bodyOf<{ keys: { alg: string }[] }>(await get(JWK_SET, id))
    expect(discovery['id_token_signing_alg_values_supported']).toStrictEqual(
      keys.map(({ alg }) => alg),
    )
  })

  describe.each([...DOCUMENTS, '/{id}/healthz'])('nothing of a request reaches %s', (path) => {
    test.each<[title: string, headers: Readonly<Record<string, string>>, query?: string]>([
      ['a foreign Host', { Host: 'evil.example' }],
      ['a foreign Host with a port', { Host: 'evil.example:8443' }],
      ['Forwarded', { Forwarded: 'for=6.6.6.6;host=evil.example;proto=https' }],
      ['X-Forwarded-Host', { 'X-Forwarded-Host': 'evil.example' }],
      ['X-Forwarded-Proto', { 'X-Forwarded-Proto': 'https' }],
      ['X-Forwarded-Prefix', { 'X-Forwarded-Prefix': '/evil', 'X-Forwarded-Port': '666' }],
      ['X-Original-URL', { 'X-Original-URL': '/evil/.well-known/jwks.json' }],
      ['X-Rewrite-URL', { 'X-Rewrite-URL': '/evil/.well-known/jwks.json' }],
      ['a method override', { 'X-HTTP-Method-Override': 'DELETE' }],
      ['a foreign Origin', { Origin: 'https://evil.example', Referer: 'https://evil.example/' }],
      ['another media type wanted', { Accept: 'text/html', 'Accept-Language': 'de' }],
      ['a range', { Range: 'bytes=0-9' }],
      ['a date', { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }],
      ['credentials', { Authorization: 'Bearer evil', Cookie: 'issuer=evil' }],
      ['a query', {}, '?issuer=https://evil.example&iss=evil'],
      ['a query that names another issuer', {}, '?/evil/.well-known/jwks.json'],
    ])('%s', async (_title, headers, query = '') => {
      const clean = await get(path)
      const hostile = await get(`${path}${query}`, shared, headers)
      expect(clean.status).toBe(200)
      const nothing = await getHost().request('GET', '/nothing/at/all')
      const isElsewhere = 'Host' in headers && !servesForeignHosts(getHost())
      expect(hostile).toStrictEqual(isElsewhere ? nothing : clean)
    })
  })
}
