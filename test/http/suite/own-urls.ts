/**
 * Issuers with a URL of their own: found by host and path, and named as they were given.
 */

import { describe, expect, test } from 'vitest'
import {
  adopt,
  bodyOf,
  claimsOf,
  control,
  createIssuer,
  createPublishOnly,
  newIssuerId,
  revisionAfter,
} from '../../support/hosts/control-client.ts'
import { clusterKey, jwkSet } from '../../support/hosts/cluster-keys.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { isBehindCdn, isRefusedByCdn, servesForeignHosts } from './before-host.ts'

const DISCOVERY = '/.well-known/openid-configuration'
const JWK_SET = '/.well-known/jwks.json'
const RFC_8414 = '/.well-known/oauth-authorization-server'

/** `{name}`: another host name for each issuer. */
const URLS: [title: string, url: string][] = [
  ['at the root', 'https://{name}.example'],
  ['at a path', 'https://{name}.example/prod'],
  ['at a nested path', 'https://{name}.example/id/0A1B/eu-west-1'],
  ['in mixed case', 'https://OIDC.{name}.Example/Prod/Cluster-A'],
  ['with a port', 'https://{name}.example:8443/prod'],
  ['with an encoded letter', 'https://{name}.example/caf%C3%A9/~me'],
  ['with a path like a document', 'https://{name}.example/healthz/jwks.json'],
  ['with a path that an id could not have', 'https://{name}.example/Prod_1;a=b/x.y'],
]

export function describeOwnUrls(getHost: () => TestHost): void {
  async function createAt(url: string): Promise<string> {
    const json = { id: newIssuerId(), issuer: url, policy: { algorithm: 'ES256' } }
    const response = await control(getHost(), 'POST', '/issuers', { json })
    expect(response.status, `answered ${response.body}`).toBe(201)
    expect(bodyOf(response)['issuer']).toBe(url)
    return json.id
  }

  /** A document below or before the path of an issuer's URL. */
  function get(
    issuer: string,
    document: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestResponse> {
    const [, host = '', path = ''] = /^https:\/\/([^/]*)(.*)$/.exec(issuer) ?? []
    const rawPath = document === RFC_8414 ? `${RFC_8414}${path}` : `${path}${document}`
    return getHost().request('GET', rawPath, { headers: { Host: host, ...headers } })
  }

  describe.each(URLS)('%s (%s)', (_title, form) => {
    test('it is the issuer in every document, as it was given', async () => {
      const url = ownUrl(form)
      const id = await createAt(url)
      const discovery = await get(url, DISCOVERY)
      // A CDN has one port.
      const isReached = new URL(url).port === '' || !isBehindCdn(getHost())
      expect(discovery.status, `answered ${discovery.body}`).toBe(isReached ? 200 : 404)
      if (!isReached) return
      expect(bodyOf(discovery)).toMatchObject({
        issuer: url,
        jwks_uri: `${url}${JWK_SET}`,
        token_endpoint: `${url}/token`,
      })
      expect(await get(url, RFC_8414)).toStrictEqual(discovery)
      const jwks = await get(url, JWK_SET)
      expect(jwks.status).toBe(200)
      expect(jwks.headers).toMatchObject({
        'content-type': 'application/jwk-set+json',
        'signet-ring-version': String(revisionAfter(getHost(), 0)),
      })
      const health = await get(url, '/healthz')
      expect(health.status).toBe(200)
      expect(bodyOf(health)).toMatchObject({ status: 'ok', issuer: url })
      const json = { subject: 's', audience: 'a' }
      const minted = await control(getHost(), 'POST', `/issuers/${id}/tokens`, { json })
      expect(claimsOf(String(bodyOf(minted)['token']))['iss']).toBe(url)
      const { issuers } = bodyOf<{ issuers: object[] }>(
        await control(getHost(), 'GET', `/issuers?after=${id.slice(0, -1)}`),
      )
      expect(issuers[0]).toMatchObject({ id, issuer: url })
    })

    test('it is changed and deleted there', async () => {
      const withPort = ownUrl(form)
      const url = isBehindCdn(getHost()) ? withPort.replace(':8443', '') : withPort
      const id = await createAt(url)
      const before = await get(url, JWK_SET)
      await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
      const after = await get(url, JWK_SET)
      expect(bodyOf<{ keys: object[] }>(after).keys).toHaveLength(2)
      expect(after.headers['signet-ring-version']).toBe(String(revisionAfter(getHost(), 1)))
      expect(after.headers['etag']).not.toBe(before.headers['etag'])
      const etag = { 'If-None-Match': after.headers['etag'] ?? '' }
      expect((await get(url, JWK_SET, etag)).status).toBe(304)
      await control(getHost(), 'DELETE', `/issuers/${id}`)
      for (const document of [DISCOVERY, RFC_8414, JWK_SET, '/healthz']) {
        const gone = await get(url, document)
        expect(gone.status, `of ${document}`).toBe(410)
        expect(bodyOf(gone)['error']).toBe('issuer_deleted')
      }
    })
  })

  describe('a request finds an issuer', () => {
    test('by its host in any case', async () => {
      const url = ownUrl('https://oidc.{name}.example/prod')
      await createAt(url)
      const clean = await get(url, DISCOVERY)
      expect(clean.status).toBe(200)
      const shouted = url.replace(/^https:\/\/[^/]*/, (origin) => origin.toUpperCase())
      expect(await get(shouted.replace('HTTPS', 'https'), DISCOVERY)).toStrictEqual(clean)
    })

    test.each<[title: string, change: (url: string) => string]>([
      ['a path in another case', (url) => url.replace('/Prod', '/prod')],
      ['a path that is longer', (url) => `${url}/x`],
      ['a path that is shorter', (url) => url.replace('/Prod', '')],
      ['a path with a slash more', (url) => `${url}/`],
      ['a path with two slashes', (url) => url.replace('/Prod', '//Prod')],
      ['a port', (url) => url.replace('.example/', '.example:8443/')],
      ['a longer host', (url) => url.replace('https://', 'https://a.')],
      ['a host with two dots more', (url) => url.replace('.example/', '.example../')],
      ['another host', () => 'https://elsewhere.example/Prod'],
    ])('not by %s', async (_title, change) => {
      const url = ownUrl('https://{name}.example/Prod')
      await createAt(url)
      expect((await get(url, DISCOVERY)).status).toBe(200)
      // On the one port that there is, a port in the host header says nothing.
      const isFound = isBehindCdn(getHost()) && new URL(change(url)).port !== ''
      for (const document of [DISCOVERY, RFC_8414, JWK_SET]) {
        const response = await get(change(url), document)
        if (isRefusedByCdn(getHost(), response)) continue
        expect(response.status, `of ${document}`).toBe(isFound ? 200 : 404)
        if (isFound) continue
        expect(bodyOf(response)['error']).toBe('not_found')
      }
    })

    test('not by an encoded letter, unless the entrance decodes it', async () => {
      const url = ownUrl('https://{name}.example/Prod')
      await createAt(url)
      const { status } = await get(url.replace('/Prod', '/%50rod'), DISCOVERY)
      expect(status).toBe(getHost().traits.pathEscapes === 'kept' ? 404 : 200)
    })

    test('not by its id, neither at its own host nor at the installation’s', async () => {
      const url = ownUrl('https://{name}.example/somewhere')
      const id = await createAt(url)
      for (const headers of [{}, { Host: new URL(url).host }]) {
        const response = await getHost().request('GET', `/${id}${DISCOVERY}`, { headers })
        expect(response.status).toBe(404)
      }
      expect((await getHost().request('GET', `/somewhere${JWK_SET}`)).status).toBe(404)
    })

    test('where two hosts have one path, the one of the host', async () => {
      const urls = [ownUrl('https://{name}.example/id/1'), ownUrl('https://{name}.example/id/1')]
      for (const url of urls) await createAt(url)
      const sets = []
      for (const url of urls) {
        expect(bodyOf(await get(url, DISCOVERY))['issuer']).toBe(url)
        sets.push((await get(url, JWK_SET)).body)
      }
      expect(sets[0]).not.toBe(sets[1])
    })

    test('where issuers are nested, the one that is meant', async () => {
      const root = ownUrl('https://{name}.example')
      const urls = [root, `${root}/a`, `${root}/a/b`, `${root}/b`]
      for (const url of urls) await createAt(url)
      for (const url of urls) {
        expect(bodyOf(await get(url, DISCOVERY))['issuer']).toBe(url)
        expect(bodyOf(await get(url, RFC_8414))['issuer']).toBe(url)
        expect(bodyOf(await get(url, '/healthz'))['issuer']).toBe(url)
      }
    })
  })

  describe('a foreign host', () => {
    test('gets what the installation’s own host has at that path', async () => {
      const { id, issuer } = await createIssuer(getHost())
      const own = await getHost().request('GET', `/${id}${DISCOVERY}`)
      expect(own.status).toBe(200)
      const foreign = await get(`https://behind-a-proxy.example/${id}`, DISCOVERY)
      const nothing = await getHost().request('GET', `/nobody${DISCOVERY}`)
      expect(foreign).toStrictEqual(servesForeignHosts(getHost()) ? own : nothing)
      expect(bodyOf(own)['issuer']).toBe(issuer)
    })

    test('with an issuer at that path gets its own', async () => {
      const { id } = await createIssuer(getHost())
      const url = ownUrl(`https://{name}.example/${id}`)
      await createAt(url)
      expect(bodyOf(await get(url, DISCOVERY))['issuer']).toBe(url)
      const own = bodyOf(await getHost().request('GET', `/${id}${DISCOVERY}`))
      expect(own['issuer']).toBe(`${getHost().baseUrl}/${id}`)
    })

    test('gets nothing of another foreign host', async () => {
      const url = ownUrl('https://{name}.example/only-here')
      await createAt(url)
      const { status } = await get('https://elsewhere.example/only-here', DISCOVERY)
      expect(status).toBe(404)
    })
  })

  test.each<[title: string, headers: Readonly<Record<string, string>>]>([
    ['X-Forwarded-Host', { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' }],
    ['Forwarded', { Forwarded: 'host=evil.example;proto=http' }],
    ['a Host in another case', { Host: 'UPPER' }],
    ['a query', { 'X-Original-URL': '/evil' }],
  ])('nothing of %s reaches the documents of an own URL', async (title, headers) => {
    const url = ownUrl('https://{name}.example/a/b')
    await createAt(url)
    const hostile = title.startsWith('a Host') ? { Host: new URL(url).host.toUpperCase() } : headers
    for (const document of [DISCOVERY, JWK_SET, RFC_8414, '/healthz']) {
      const clean = await get(url, document)
      expect(clean.status).toBe(200)
      expect(await get(url, document, hostile)).toStrictEqual(clean)
    }
  })

  test('a root issuer has the health of its host; every other host its own', async () => {
    const url = ownUrl('https://{name}.example')
    const { id } = await createPublishOnly(getHost(), url)
    expect(bodyOf(await get(url, '/healthz'))).toMatchObject({ status: 'no_published_key' })
    expect((await get(url, '/healthz')).status).toBe(503)
    await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
    expect(bodyOf(await get(url, '/healthz'))).toMatchObject({ status: 'ok', issuer: url })
    for (const headers of [{}, { Host: 'elsewhere.example' }]) {
      const response = await getHost().request('GET', '/healthz', { headers })
      expect(response).toMatchObject({ status: 200, body: '{"status":"ok"}' })
    }
  })
}

function ownUrl(form: string): string {
  return form.replace('{name}', newIssuerId())
}
