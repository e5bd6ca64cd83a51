import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { VIEWER_REQUEST_CODE } from '../../infra/issuer-host/viewer-request.ts'

interface ViewerRequest {
  readonly method: string
  readonly uri: string
  readonly querystring: Readonly<Record<string, { readonly value: string }>>
  readonly headers: Readonly<Record<string, { readonly value: string }>>
}

interface ViewerResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, { readonly value: string }>>
  readonly body: { readonly encoding: string; readonly data: string }
}

const DISCOVERY = '/.well-known/openid-configuration'

/** Nothing of Node is in the context, as in CloudFront. */
function rewritten(uri: string, host = 'oidc.signet.internal'): ViewerRequest | ViewerResponse {
  const request = {
    method: 'GET',
    uri,
    querystring: { a: { value: '1' } },
    headers: { host: { value: host }, accept: { value: '*/*' } },
  }
  const event = JSON.stringify({ version: '1.0', context: {}, viewer: {}, request })
  const result: unknown = runInNewContext(
    `${VIEWER_REQUEST_CODE}; JSON.stringify(handler(${event}))`,
  )
  return JSON.parse(String(result)) as ViewerRequest | ViewerResponse
}

function uriOf(uri: string, host?: string): string | undefined {
  const result = rewritten(uri, host)
  return 'uri' in result ? result.uri : undefined
}

describe('the host stands before the path:', () => {
  test.each<[title: string, host: string, uri: string, expected: string]>([
    ['a document', 'oidc.signet.internal', `/a${DISCOVERY}`, `/oidc.signet.internal/a${DISCOVERY}`],
    ['the root', 'oidc.signet.internal', '/', '/oidc.signet.internal/'],
    ['a host in mixed case', 'OIDC.Signet.Internal', '/token', '/oidc.signet.internal/token'],
    ['a host with its port', 'oidc.signet.internal:443', '/token', '/oidc.signet.internal/token'],
    ['a host with an empty port', 'oidc.signet.internal:', '/token', '/oidc.signet.internal/token'],
    ['the domain of the CDN', 'd1.cloudfront.net', '/x', '/d1.cloudfront.net/x'],
    ['a path in mixed case', 'h', '/Token', '/h/Token'],
    ['two slashes first', 'h', `//other.host${DISCOVERY}`, `/h//other.host${DISCOVERY}`],
    ['two slashes inside', 'h', `/a/${DISCOVERY}`, `/h/a/${DISCOVERY}`],
    ['escapes', 'h', '/a%20b%C3%A9/token', '/h/a%20b%C3%A9/token'],
    ['an encoded slash', 'h', '/a%2Fb/token', '/h/a%2Fb/token'],
    ['a percent sign alone', 'h', '/100%/token', '/h/100%/token'],
    ['dots in names', 'h', `/a..b/.c/d./...${DISCOVERY}`, `/h/a..b/.c/d./...${DISCOVERY}`],
    ['an encoded dot in a name', 'h', '/%2ewell-known/jwks.json', '/h/%2ewell-known/jwks.json'],
    ['another host in the path', 'h', `/other.host${DISCOVERY}`, `/h/other.host${DISCOVERY}`],
  ])('%s', (_title, host, uri, expected) => {
    expect(uriOf(uri, host)).toBe(expected)
  })

  test('and nothing else of the request is touched', () => {
    expect(rewritten('/a/token', 'H')).toStrictEqual({
      method: 'GET',
      uri: '/h/a/token',
      querystring: { a: { value: '1' } },
      headers: { host: { value: 'H' }, accept: { value: '*/*' } },
    })
  })
})

describe('a path with a dot segment leads nowhere:', () => {
  test.each([
    `/../other.host${DISCOVERY}`,
    `/a/../../other.host${DISCOVERY}`,
    `/./a${DISCOVERY}`,
    '/..',
    '/a/.',
    '/a/..',
    `/%2e%2e/other.host${DISCOVERY}`,
    `/%2E./other.host${DISCOVERY}`,
    `/.%2e/other.host${DISCOVERY}`,
    `/..%2fother.host${DISCOVERY}`,
    `/%2e%2e%2Fother.host${DISCOVERY}`,
    `/x%2F..%2Fother.host${DISCOVERY}`,
    `/%252e%252e/other.host${DISCOVERY}`,
    `/..%252fother.host${DISCOVERY}`,
    `/%25252e%25252e%25252fother.host${DISCOVERY}`,
  ])('%s', (uri) => {
    expect(rewritten(uri)).toStrictEqual({
      statusCode: 404,
      statusDescription: 'Not Found',
      headers: {
        'access-control-allow-origin': { value: '*' },
        'cache-control': { value: 'no-store' },
        'content-type': { value: 'application/json' },
        'x-content-type-options': { value: 'nosniff' },
      },
      body: {
        encoding: 'text',
        data: '{"error":"not_found","error_description":"there is no such document"}',
      },
    })
  })
})

test('the code is small enough for CloudFront', () => {
  expect(VIEWER_REQUEST_CODE.length).toBeLessThan(10_240)
})
