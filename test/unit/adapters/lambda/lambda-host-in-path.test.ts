import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestOfEvent } from '../../../../src/adapters/lambda/event-request.ts'
import { lambdaHandler } from '../../../../src/adapters/lambda/lambda-handler.ts'

/** Of the API behind the CDN: nobody asks for issuers under it. */
const API = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com'

function eventFor(rawPath: string, stage?: string): object {
  return {
    rawPath,
    headers: { host: API },
    requestContext: { domainName: API, stage, http: { method: 'GET' } },
  }
}

function urlFrom(event: object): string {
  const asked = requestOfEvent(event, 'path')
  return asked.ok ? asked.value.url : asked.refusal.message
}

describe('a host in the path', () => {
  test.each<[title: string, rawPath: string, url: string]>([
    ['is before the path', '/oidc.acme.dev/prod/token', 'https://oidc.acme.dev/prod/token'],
    ['may stand alone', '/oidc.acme.dev', 'https://oidc.acme.dev/'],
    ['may have a slash behind it', '/oidc.acme.dev/', 'https://oidc.acme.dev/'],
    ['is one whatever its letters', '/OIDC.acme.dev/Prod', 'https://oidc.acme.dev/Prod'],
    ['may be an address', '/127.0.0.1/prod', 'https://127.0.0.1/prod'],
    ['may begin with a number', '/1and1.dev/prod', 'https://1and1.dev/prod'],
    ['may end with a dot', '/a.dev./prod', 'https://a.dev./prod'],
    ['may have a port', '/oidc.acme.dev:8443/prod', 'https://oidc.acme.dev:8443/prod'],
    ['is not looked for further on', '/a.dev/b.dev/c', 'https://a.dev/b.dev/c'],
    ['keeps escapes behind it', '/a.dev/%C3%A4/%2f', 'https://a.dev/%C3%A4/%2f'],
    ['keeps a decoded question mark', '/a.dev/b?c#d', 'https://a.dev/b%3Fc%23d'],
    ['keeps a line end', '/a.dev/b\nc', 'https://a.dev/b%0Ac'],
    ['keeps empty segments', '/a.dev//b.dev/c', 'https://a.dev//b.dev/c'],
    ['is not left by a way up', '/a.dev/../b.dev/c', 'https://a.dev/b.dev/c'],
    ['is not left by several', '/a.dev/../../../b.dev', 'https://a.dev/b.dev'],
    ['is not left by an escaped one', '/a.dev/%2e%2e/%2E./b', 'https://a.dev/b'],
    ['is not left by a backslash', '/a.dev/..\\..\\b', 'https://a.dev/..%5C..%5Cb'],
    ['is not left by a user', '/a.dev/@b.dev/c', 'https://a.dev/@b.dev/c'],
    ['is not left by a port', '/a.dev/:1/c', 'https://a.dev/:1/c'],
  ])('%s', (_title, rawPath, url) => {
    expect(urlFrom(eventFor(rawPath))).toBe(url)
  })

  test('stands below the stage', () => {
    expect(urlFrom(eventFor('/prod/a.dev/prod/b', 'prod'))).toBe('https://a.dev/prod/b')
    expect(urlFrom(eventFor('/prod/a.dev', 'prod'))).toBe('https://a.dev/')
    expect(urlFrom(eventFor('/a.dev/b', '$default'))).toBe('https://a.dev/b')
  })

  test('keeps the query apart', () => {
    const event = { ...eventFor('/a.dev/b'), rawQueryString: 'c=/d.dev/' }
    expect(urlFrom(event)).toBe('https://a.dev/b?c=/d.dev/')
  })

  test.each([
    '/',
    '',
    '//b.dev/c',
    'a.dev/b',
    '/a.dev@b.dev/c',
    '/a.dev%2Fb/c',
    '/a.dev\\b/c',
    '/a.dev?b',
    '/a.dev\n/b',
    '/a.dev:99999/b',
    '/256.1.1.1/b',
    '/../b.dev/c',
    '/./b.dev/c',
    '/a..dev/b',
    '/.a.dev/b',
    '/2130706433/b',
    '/2130706433:8443/b',
    '/https:/b.dev',
  ])('is refused where the path is %j', (rawPath) => {
    expect(urlFrom(eventFor(rawPath))).toBe('the event has no host and path that make a URL')
  })

  test('is never another one, whatever follows it', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '..',
      '%2e',
      '@',
      ':',
      '?',
      '#',
      '\n',
      '\uD800',
      'b.dev',
    )
    const odd = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: parts }))
    fc.assert(
      fc.property(odd, (rest) => {
        const url = new URL(urlFrom(eventFor(`/a.dev/${rest}`)))
        expect([url.protocol, url.host, url.username, url.search]).toEqual([
          'https:',
          'a.dev',
          '',
          '',
        ])
      }),
    )
  })
})

function silent(): void {}

test('a handler that is told nothing of it takes the path as it is', async () => {
  const urls: string[] = []
  const fetch = ({ url }: Request): Response => {
    urls.push(url)
    return new Response()
  }
  await lambdaHandler({ fetch, log: silent })(eventFor('/a.dev/b'))
  await lambdaHandler({ fetch, log: silent, hostSource: 'event' })(eventFor('/a.dev/b'))
  await lambdaHandler({ fetch, log: silent, hostSource: 'path' })(eventFor('/a.dev/b'))
  expect(urls).toEqual([`https://${API}/a.dev/b`, `https://${API}/a.dev/b`, 'https://a.dev/b'])
})
