/**
 * What the public sees, byte by byte.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { control, createIssuer, revisionAfter } from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { isBehindCdn, isRefusedByCdn } from './before-host.ts'
import { goldenFile, goldenText, namesOf } from './golden.ts'

const DISCOVERY = '.well-known/openid-configuration'

export function describeGoldenAnswers(getHost: () => TestHost): void {
  describe('golden answers', () => {
    let rs256 = ''
    let es256 = ''
    let deleted = ''
    let broken = ''

    beforeAll(async () => {
      const host = getHost()
      rs256 = (await createIssuer(host, { algorithm: 'RS256' })).id
      es256 = (await createIssuer(host)).id
      deleted = (await createIssuer(host)).id
      broken = (await createIssuer(host)).id
      await control(host, 'DELETE', `/issuers/${deleted}`)
      await host.breakIssuer(broken)
    })

    const ids = () => ({ rs256, es256, deleted, broken, unknown: 'nobody' })
    type Which = keyof ReturnType<typeof ids>

    test.each<[file: string, which: Which, path: string, method?: string]>([
      ['discovery', 'rs256', `/{id}/${DISCOVERY}`],
      ['discovery-es256', 'es256', `/{id}/${DISCOVERY}`],
      ['authorization-server', 'rs256', '/.well-known/oauth-authorization-server/{id}'],
      ['jwk-set', 'rs256', '/{id}/.well-known/jwks.json'],
      ['jwk-set-es256', 'es256', '/{id}/.well-known/jwks.json'],
      ['health', 'rs256', '/{id}/healthz'],
      ['health-of-host', 'rs256', '/healthz'],
      ['unknown-issuer', 'unknown', `/{id}/${DISCOVERY}`],
      ['unknown-path', 'rs256', '/{id}/nothing'],
      ['method-not-allowed', 'rs256', `/{id}/${DISCOVERY}`, 'POST'],
      ['preflight', 'rs256', `/{id}/.well-known/jwks.json`, 'OPTIONS'],
      ['deleted-issuer', 'deleted', '/{id}/.well-known/jwks.json'],
      ['deleted-issuer-health', 'deleted', '/{id}/healthz'],
      ['broken-issuer', 'broken', `/{id}/${DISCOVERY}`],
    ])('%s', async (file, which, path, method = 'GET') => {
      const id = ids()[which]
      const response = await getHost().request(method, path.replace('{id}', id))
      // Its own refusal of a method, and a copy, which has a header of S3 more, and another ETag.
      const isOfCdn = isBehindCdn(getHost()) && (method === 'POST' || which === 'broken')
      const isShown =
        isRefusedByCdn(getHost(), response) ||
        response.headers['x-amz-meta-signet-edition'] !== undefined
      expect(isShown).toBe(isOfCdn)
      if (isOfCdn) return
      const text = goldenText(response, namesOf(getHost(), id), revisionAfter(getHost(), 0))
      await expect(text).toMatchFileSnapshot(goldenFile(file))
    })

    test.each(['/healthz', '/{id}/healthz', `/{id}/${DISCOVERY}`, '/{id}/nothing'])(
      'announces the length that the body of %s has',
      async (path) => {
        const { headers, body } = await getHost().request('GET', path.replace('{id}', rs256))
        const length = String(Buffer.byteLength(body))
        expect(headers['content-length'] ?? length).toBe(length)
      },
    )

    test('not modified', async () => {
      const headers = { 'If-None-Match': '*' }
      const response = await getHost().request('GET', `/${rs256}/.well-known/jwks.json`, {
        headers,
      })
      const text = goldenText(response, namesOf(getHost(), rs256), revisionAfter(getHost(), 0))
      await expect(text).toMatchFileSnapshot(goldenFile('not-modified'))
    })
  })
}
