import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestOfEvent } from '../../../../src/adapters/lambda/event-request.ts'

const HOST = 'oidc.example.com'

/** Text with more of what means something in URLs and headers than chance gives. */
const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('/', '\\', '.', '%2e', '@', ':', '?', '#', '\n', '\uD800', 'a'),
  }),
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const method = fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD', 'TRACE', 'CONNECT', 'trace'), odd)

const event = fc.record({
  rawPath: fc.oneof(
    odd,
    odd.map((path) => `/${path}`),
  ),
  rawQueryString: maybe(odd),
  headers: maybe(fc.dictionary(fc.oneof(odd, fc.constant('host')), fc.oneof(odd, fc.anything()))),
  cookies: maybe(fc.array(fc.oneof(odd, fc.anything()))),
  body: maybe(fc.oneof(odd, fc.base64String())),
  isBase64Encoded: maybe(fc.boolean()),
  requestContext: fc.record({
    domainName: fc.constant(HOST),
    stage: maybe(fc.oneof(odd, fc.constant('$default'))),
    http: fc.record({ method }),
  }),
})

test('an event of any path, headers and body is a request to the host that it names, or refused', () => {
  let requests = 0
  fc.assert(
    fc.property(event, (its) => {
      const asked = requestOfEvent(its)
      if (!asked.ok) return
      requests += 1
      const url = new URL(asked.value.url)
      expect([url.protocol, url.host, url.username, url.hash]).toEqual(['https:', HOST, '', ''])
      expect(asked.value.method.toUpperCase()).toBe(its.requestContext.http.method.toUpperCase())
    }),
    { numRuns: 2000 },
  )
  expect(requests).toBeGreaterThan(100)
})

test('a path that begins with a slash is never refused, and its query and it stay apart', () => {
  fc.assert(
    fc.property(odd, odd, (path, rawQueryString) => {
      const asked = requestOfEvent({
        rawPath: `/${path}`,
        rawQueryString,
        requestContext: { domainName: HOST, http: { method: 'GET' } },
      })
      const url = new URL(asked.ok ? asked.value.url : 'refused:')
      expect(url.host).toBe(HOST)
      expect(url.search === '').toBe(rawQueryString === '')
    }),
  )
})

test('anything at all is a request or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.object()), (its) => {
      expect(requestOfEvent(its).ok).toBe(false)
    }),
  )
})

test('a domain name of any text is the host, or refused', () => {
  fc.assert(
    fc.property(odd, odd, (domainName, path) => {
      const asked = requestOfEvent({
        rawPath: `/${path}`,
        requestContext: { domainName, http: { method: 'GET' } },
      })
      const taken = asked.ok ? [new URL(asked.value.url).host] : []
      expect([[], [URL.parse(`https://${domainName}`)?.host]]).toContainEqual(taken)
    }),
  )
})
