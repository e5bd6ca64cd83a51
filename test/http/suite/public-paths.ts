/**
 * Paths and methods that have no document: a small answer, never an error of ours and never a redirect.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { isBehindCdn, isRefusedByCdn } from './before-host.ts'

const DISCOVERY = '.well-known/openid-configuration'
const SMALL_BODY_BYTES = 300
const NOT_FOUND = '{"error":"not_found","error_description":"there is no such document"}'

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

  /** How the answers at a path differ from those of one that leads nowhere; empty when they are those. */
  async function problemsOfNothingAt(path: string): Promise<string[]> {
    const read = await send('GET', path)
    const sent = [await send('HEAD', path), await send('POST', path)]
    const others = sent.filter((response) => !isRefusedByCdn(getHost(), response))
    return [
      ...(read.status === 404 && read.body === NOT_FOUND ? [] : [`${read.status} ${read.body}`]),
      ...others.flatMap(({ status }) => ([404, 405].includes(status) ? [] : [`status ${status}`])),
      ...[read, ...others].flatMap(problemsOfSmall),
    ]
  }

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
      ['an encoded slash in the issuer', `/a%2F{id}/${DISCOVERY}`],
      ['an encoded slash in the RFC 8414 form', '/.well-known/oauth-authorization-server/a%2F{id}'],
      ['an encoded backslash', `/{id}%5C${DISCOVERY}`],
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
      ['the control API behind two slashes', '//control/issuers'],
    ])('%s', async (_title, path) => {
      expect(await problemsOfNothingAt(path)).toStrictEqual([])
    })
  })

  describe('a path whose slash is encoded leads nowhere, unless the entrance decodes it:', () => {
    test.each<[title: string, path: string, decoded: string]>([
      ['a document', `/{id}%2F${DISCOVERY}`, `/{id}/${DISCOVERY}`],
      ['inside a document', '/{id}/.well-known%2Fjwks.json', '/{id}/.well-known/jwks.json'],
      ['dots', `/x/..%2F{id}/${DISCOVERY}`, `/{id}/${DISCOVERY}`],
      ['encoded dots', `/%2e%2e%2f{id}/${DISCOVERY}`, `/{id}/${DISCOVERY}`],
      ['the control API', '/control%2Fissuers', '/control/issuers'],
    ])('%s', async (_title, path, decoded) => {
      // Before a CDN puts a host before a path, none may lead out of it.
      const isKeptOut = isBehindCdn(getHost()) && /\.\.|%2e/.test(path)
      const isDecoded = getHost().traits.pathEscapes === 'decoded' && !isKeptOut
      expect((await problemsOfNothingAt(path)).length > 0).toBe(isDecoded)
      const methods = isBehindCdn(getHost()) ? ['GET', 'HEAD'] : ['GET', 'HEAD', 'POST']
      for (const method of isDecoded ? methods : []) {
        expect(await send(method, path)).toStrictEqual(await send(method, decoded))
      }
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
        if (isRefusedByCdn(getHost(), response)) continue
        expect(response.status).toBe(405)
        expect(response.headers['allow']).toBe('GET, HEAD, OPTIONS')
        expect(bodyOf(response)['error']).toBe('method_not_allowed')
        expect(problemsOfSmall(response)).toStrictEqual([])
      }
    })
  })

  test.each(OTHER_METHODS)('%s on a path without a document is 404', async (method) => {
    const response = await send(method, '/nothing/at/all')
    if (isRefusedByCdn(getHost(), response)) return
    expect(response.status).toBe(404)
    expect(problemsOfSmall(response)).toStrictEqual([])
  })
}

/** How an answer differs from a small error that leads nowhere else. */
function problemsOfSmall({ status, headers, body }: TestResponse): string[] {
  const problems: [isOne: boolean, what: string][] = [
    [status < 400 || status >= 500, `status ${status}`],
    ['location' in headers, `Location ${headers['location']}`],
    [headers['content-type'] !== 'application/json', `type ${headers['content-type']}`],
    [headers['cache-control'] !== 'no-store', `caching ${headers['cache-control']}`],
    [Buffer.byteLength(body) >= SMALL_BODY_BYTES, `${Buffer.byteLength(body)} bytes`],
  ]
  return problems.flatMap(([isOne, what]) => (isOne ? [what] : []))
}
