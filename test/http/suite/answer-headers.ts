/**
 * Headers that every answer has: a browser never guesses its type, and a web page may read the public ones alone.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { control, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { isBehindCdn, isRefusedByCdn, servesForeignHosts } from './before-host.ts'

const JWK_SET = '/{id}/.well-known/jwks.json'

export function describeAnswerHeaders(getHost: () => TestHost): void {
  let shared = ''
  let deleted = ''
  let broken = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
    deleted = (await createIssuer(getHost())).id
    broken = (await createIssuer(getHost())).id
    await control(getHost(), 'DELETE', `/issuers/${deleted}`)
    await getHost().breakIssuer(broken)
  })

  const pathOf = (path: string) =>
    path.replace('{id}', shared).replace('{deleted}', deleted).replace('{broken}', broken)

  describe('a public answer may be read by a page of any origin', () => {
    test.each<[status: number, method: string, path: string]>([
      [200, 'GET', '/healthz'],
      [200, 'GET', '/{id}/healthz'],
      [200, 'HEAD', JWK_SET],
      [204, 'OPTIONS', JWK_SET],
      [404, 'GET', '/'],
      [404, 'GET', '/nobody/.well-known/jwks.json'],
      [404, 'POST', '/{id}/nothing'],
      [404, 'GET', '/controls'],
      [404, 'GET', '/CONTROL/issuers'],
      [405, 'POST', JWK_SET],
      [405, 'DELETE', '/healthz'],
      [410, 'GET', '/{deleted}/healthz'],
      [503, 'GET', '/{broken}/.well-known/openid-configuration'],
      [503, 'HEAD', '/{broken}/healthz'],
    ])('%i to %s %s', async (status, method, path) => {
      // A CDN adds what a copy lacks for those alone who say that they are pages.
      const headers = { Origin: 'https://page.example' }
      const init = isBehindCdn(getHost()) ? { headers } : {}
      const response = await getHost().request(method, pathOf(path), init)
      if (isRefusedByCdn(getHost(), response)) return
      const isCopied = isBehindCdn(getHost()) && /broken.*well-known/.test(path)
      expect(response.status).toBe(isCopied ? 200 : status)
      expect(response.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
      })
    })
  })

  describe('an answer of the control API may not', () => {
    test.each<[status: number, method: string, path: string, headers: Record<string, string>]>([
      [200, 'GET', '/control/issuers/{id}', {}],
      [400, 'GET', '/control/issuers?after=', {}],
      [403, 'GET', '/control/issuers', { Origin: 'https://evil.example' }],
      [403, 'GET', '/%63ontrol/issuers', { Origin: 'https://evil.example' }],
      [404, 'GET', '/control', {}],
      [404, 'GET', '/control/nothing', {}],
      [405, 'PUT', '/control/issuers/{id}', {}],
      [410, 'GET', '/control/issuers/{deleted}', {}],
      [415, 'POST', '/control/issuers', {}],
    ])('%i to %s %s', async (status, method, path, others) => {
      const headers = { Authorization: `Bearer ${getHost().controlSecret}`, ...others }
      const response = await getHost().request(method, pathOf(path), { headers })
      // Only a host on this machine refuses a page: the others know their callers by signatures that no page can make.
      const isTaken = 'Origin' in others && !servesForeignHosts(getHost())
      expect(response.status).toBe(isTaken ? 200 : status)
      expectForNoPage(response)
    })

    test.each<[method: string, authorization: string]>([
      ['GET', 'Bearer wrong'],
      ['OPTIONS', ''],
    ])('to %s from someone unknown', async (method, authorization) => {
      const headers = { Authorization: authorization }
      const response = await getHost().request(method, '/control/issuers', { headers })
      const { status, error } = getHost().traits.unauthorized
      expect(response.status).toBe(status)
      if (error !== undefined) expectForNoPage(response)
    })
  })
}

function expectForNoPage({ headers }: TestResponse): void {
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(Object.keys(headers).join(' ')).not.toMatch(/access-control/)
}
