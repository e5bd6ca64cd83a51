/**
 * Paths and methods that have no document: a small answer, never an error of ours and never a redirect.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'

const DISCOVERY = '.well-known/openid-configuration'
const SMALL_BODY_BYTES = 300

const ROUTES = [
  '/healthz',
  '/{id}/healthz',
  `/{id}/${DISCOVERY}`,
  '/{id}/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server/{id}',
]
const OTHER_METHODS = ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'PURGE']

export function describePublicPaths(getHost: () => TestHost): void {
  let id = ''

  beforeAll(async () => {
    ;({ id } = await createIssuer(getHost()))
  })

  const send = (method: string, path: string, body?: string): Promise<TestResponse> =>
    getHost().request(
      method,
      path.replace('{id}', id).replace('{ID}', id.toUpperCase()),
      body === undefined ? {} : { body },
    )

  describe('a path without a document', () => {
    test.each<[title: string, path: string]>([
      ['the root', '/'],
      ['discovery of the host itself', `/${DISCOVERY}`],
      ['a JWK Set of the host itself', '/.well-known/jwks.json'],
      ['the RFC 8414 form without an issuer', '/.well-known/oauth-authorization-server'],
      ['the RFC 8414 form with an empty issuer', '/.well-known/oauth-authorization-server/'],
      ['the RFC 8414 form below the issuer', '/{id}/.well-known/oauth-authorization-server'],
      ['an issuer alone', '/{id}'],
      ['an issuer as a folder', '/{id}/'],
      ['its well-known folder', '/{id}/.well-known/'],
      ['an unknown issuer', `/nobody/${DISCOVERY}`],
      ['the health of an unknown issuer', '/nobody/healthz'],
      ['a trailing slash', `/{id}/${DISCOVERY}/`],
      ['a trailing slash on the host', '/healthz/'],
      ['two slashes first', `//{id}/${DISCOVERY}`],
      ['two slashes inside', `/{id}//${DISCOVERY}`],
      ['two slashes at the end', '/{id}/healthz//'],
      ['an encoded slash', `/{id}%2F${DISCOVERY}`],
      ['an encoded slash inside', '/{id}/.well-known%2Fjwks.json'],
      ['an encoded slash in the issuer', `/a%2F{id}/${DISCOVERY}`],
      ['an encoded slash in the RFC 8414 form', '/.well-known/oauth-authorization-server/a%2F{id}'],
      ['an encoded backslash', `/{id}%5C${DISCOVERY}`],
      ['dots with an encoded slash', `/x/..%2F{id}/${DISCOVERY}`],
      ['encoded dots with an encoded slash', `/%2e%2e%2f{id}/${DISCOVERY}`],
      ['more dots than folders', '/../../../../etc/passwd'],
      ['NUL behind the issuer', `/{id}%00/${DISCOVERY}`],
      ['NUL at the end', `/{id}/${DISCOVERY}%00`],
      ['a line break', `/{id}%0d%0aX-Evil:%201/${DISCOVERY}`],
      ['a space', `/%20{id}/${DISCOVERY}`],
      ['a percent sign that encodes nothing', `/%zz/${DISCOVERY}`],
      ['a percent sign behind the issuer', `/{id}%/${DISCOVERY}`],
      ['bytes that are not UTF-8', `/%E0%A4/${DISCOVERY}`],
      ['an issuer encoded twice', `/%2574/${DISCOVERY}`],
      ['upper case in the issuer', `/{ID}/${DISCOVERY}`],
      ['upper case in the document', '/{id}/.well-known/JWKS.json'],
      ['upper case on the host', '/HEALTHZ'],
      ['a path parameter', `/{id}/${DISCOVERY};a=b`],
      ['a suffix', `/{id}/${DISCOVERY}.json`],
      ['an issuer that no id can be', `/${'a'.repeat(64)}/${DISCOVERY}`],
      ['a property of every object', `/constructor/${DISCOVERY}`],
      ['a prototype', `/__proto__/${DISCOVERY}`],
      ['a letter of another alphabet', `/%D0%B0/${DISCOVERY}`],
      ['a route pattern', `/:issuer/${DISCOVERY}`],
      ['an asterisk', `/*/${DISCOVERY}`],
      ['a reserved id, healthz', `/healthz/${DISCOVERY}`],
      ['a reserved id, token', `/token/${DISCOVERY}`],
      ['a reserved id in the RFC 8414 form', '/.well-known/oauth-authorization-server/control'],
      ['a very long issuer', `/${'a'.repeat(8000)}/${DISCOVERY}`],
      ['very many folders', `${'/a'.repeat(4000)}/healthz`],
      ['a very long query', `/?${'a'.repeat(8000)}`],
      ['the control API in upper case', '/CONTROL/issuers'],
      ['the control API behind an encoded slash', '/control%2Fissuers'],
      ['the control API behind two slashes', '//control/issuers'],
    ])('%s', async (_title, path) => {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const response = await send(method, path)
        expect([404, 405], `${method} ${response.status}`).toContain(response.status)
        expectSmall(response)
      }
      const read = await send('GET', path)
      expect(read.status).toBe(404)
      expect(bodyOf(read)).toStrictEqual({
        error: 'not_found',
        error_description: 'there is no such document',
      })
    })
  })

  test.each<[title: string, path: string]>([
    ['dots', `/x/../{id}/${DISCOVERY}`],
    ['one dot', `/./{id}/${DISCOVERY}`],
    ['encoded dots', `/x/%2e%2e/{id}/${DISCOVERY}`],
    ['more dots than folders', `/../../{id}/${DISCOVERY}`],
    ['backslashes', `\\{id}\\.well-known\\openid-configuration`.replace('\\', '/')],
    ['a fragment', `/{id}/${DISCOVERY}#evil`],
    ['a letter that is encoded', `/{id}/.well-known/%6Fpenid-configuration`],
  ])('a path that URLs make equal is the same document or none: %s', async (_title, path) => {
    const clean = await send('GET', `/{id}/${DISCOVERY}`)
    const none = await send('GET', '/nothing/at/all')
    expect([clean, none]).toContainEqual(await send('GET', path))
  })

  describe.each(ROUTES)('%s', (path) => {
    test.each(OTHER_METHODS)('refuses %s', async (method) => {
      for (const body of method === 'TRACE' ? [undefined] : [undefined, '{"id":"evil"}']) {
        const response = await send(method, path, body)
        expect(response.status).toBe(405)
        expect(response.headers['allow']).toBe('GET, HEAD, OPTIONS')
        expect(bodyOf(response)['error']).toBe('method_not_allowed')
        expectSmall(response)
      }
    })
  })

  test.each(OTHER_METHODS)('%s on a path without a document is 404', async (method) => {
    const response = await send(method, '/nothing/at/all')
    expect(response.status).toBe(404)
    expectSmall(response)
  })
}

function expectSmall({ status, headers, body }: TestResponse): void {
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(headers['location']).toBeUndefined()
  expect(headers['content-type']).toBe('application/json')
  expect(headers['cache-control']).toBe('no-store')
  expect(Buffer.byteLength(body)).toBeLessThan(SMALL_BODY_BYTES)
}
