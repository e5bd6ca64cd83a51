import { describe, expect, test } from 'vitest'
import { requestOfEvent } from '../../../../src/adapters/lambda/event-request.ts'

const HOST = 'oidc.example.com'

function requestFrom(event: unknown): Request {
  const asked = requestOfEvent(event)
  if (!asked.ok) throw new TypeError(asked.refusal.message)
  return asked.value
}

/** An event with no more than it must have; `members` and `context` replace its own. */
function bareEvent(members: object = {}, context: object = {}): object {
  return {
    rawPath: '/',
    requestContext: { domainName: HOST, http: { method: 'GET' }, ...context },
    ...members,
  }
}

describe('the URL of an event', () => {
  test.each<[title: string, rawPath: string, path: string]>([
    ['the root', '/', '/'],
    ['no path at all', '', '/'],
    ['a path', '/prod/healthz', '/prod/healthz'],
    ['escapes', '/%C3%A4/%2f/%2F', '/%C3%A4/%2f/%2F'],
    ['what API Gateway decoded', '/ä', '/%C3%A4'],
    ['a space', '/a b', '/a%20b'],
    ['a space at its end', '/a ', '/a%20'],
    ['a tab and line ends', '/a\t\r\nb', '/a%09%0D%0Ab'],
    ['a decoded question mark', '/a?b', '/a%3Fb'],
    ['a decoded hash', '/a#b', '/a%23b'],
    ['a decoded backslash', '/a\\b', '/a%5Cb'],
    ['an escape that is none', '/100%', '/100%'],
    ['two slashes before a name', '//evil.example/x', '//evil.example/x'],
    ['backslashes before a name', '/\\evil.example/x', '/%5Cevil.example/x'],
    ['an at sign', '/@evil.example/x', '/@evil.example/x'],
    ['a way up', '/%2e%2e/x', '/x'],
    ['half a character', '/\uD800', '/%EF%BF%BD'],
    ['a whole URL', '/https://evil.example/', '/https://evil.example/'],
  ])('has %s', (_title, rawPath, path) => {
    expect(requestFrom(bareEvent({ rawPath })).url).toBe(`https://${HOST}${path}`)
  })

  test.each<[stage: string | null | undefined, rawPath: string, path: string]>([
    ['prod', '/prod', '/'],
    ['prod', '/prod/', '/'],
    ['prod', '/prod/x', '/x'],
    ['prod', '/prod/prod/x', '/prod/x'],
    ['prod', '/prod//x', '//x'],
    ['prod', '/prod/../x', '/x'],
    ['prod', '/production/x', '/production/x'],
    ['prod', '/prod-2', '/prod-2'],
    ['prod', '/PROD/x', '/PROD/x'],
    ['prod', '/x/prod/y', '/x/prod/y'],
    ['prod', '//prod/x', '//prod/x'],
    ['prod', '/', '/'],
    ['$default', '/prod/x', '/prod/x'],
    ['$default', '/$default/x', '/$default/x'],
    ['$default', '/$default', '/$default'],
    ['', '//x', '//x'],
    [null, '/prod/x', '/prod/x'],
    [undefined, '/prod/x', '/prod/x'],
  ])('on stage %j has of %j the path %j', (stage, rawPath, path) => {
    expect(requestFrom(bareEvent({ rawPath }, { stage })).url).toBe(`https://${HOST}${path}`)
  })

  test.each<[title: string, rawQueryString: unknown, search: string]>([
    ['none', undefined, ''],
    ['null', null, ''],
    ['an empty one', '', ''],
    ['one with escapes', 'a=%20b&a=c%2Fd', '?a=%20b&a=c%2Fd'],
    ['one with a question mark', 'a=?', '?a=?'],
    ['one with a hash', 'a=#b', '?a=%23b'],
    ['one with a space at its end', 'a= ', '?a=%20'],
  ])('has the query: %s', (_title, rawQueryString, search) => {
    const { url } = requestFrom(bareEvent({ rawPath: '/x', rawQueryString }))
    expect(url).toBe(`https://${HOST}/x${search}`)
  })

  test.each<[title: string, domainName: unknown, hostHeader: unknown, host: string]>([
    ['what AWS says', HOST, 'other.example', HOST],
    [
      'the Host header where AWS says nothing',
      undefined,
      'other.example:8443',
      'other.example:8443',
    ],
    ['the same where it says null', null, 'other.example', 'other.example'],
  ])('has as host %s', (_title, domainName, hostHeader, host) => {
    const event = bareEvent({ headers: { host: hostHeader } }, { domainName })
    expect(new URL(requestFrom(event).url).host).toBe(host)
  })

  test.each<[title: string, members: object, context: object]>([
    ['no host', {}, { domainName: undefined }],
    ['a Host header that is no text', { headers: { host: ['a'] } }, { domainName: undefined }],
    ['an empty host', {}, { domainName: '' }],
    ['a host with a path', {}, { domainName: 'evil.example/x' }],
    ['a host with a user', {}, { domainName: 'oidc.example.com@evil.example' }],
    ['a host with a query', {}, { domainName: 'evil.example?' }],
    ['a host that is escaped', {}, { domainName: 'evil%2Eexample' }],
    ['a host with a line end', {}, { domainName: 'evil.example\n' }],
    ['two hosts', {}, { domainName: 'a.example,b.example' }],
    ['a port that is none', {}, { domainName: 'a.example:99999' }],
    ['an address that is none', {}, { domainName: '256.1.1.1' }],
    ['a path that would be of the host', { rawPath: '.evil.example/x' }, {}],
    ['a path that would be a port', { rawPath: ':1/x' }, {}],
    ['a path that would be the port of https', { rawPath: ':443/x' }, {}],
    ['a path that would make the host a user', { rawPath: '@evil.example/x' }, {}],
  ])('is refused with %s', (_title, members, context) => {
    expect(requestOfEvent(bareEvent(members, context))).toMatchObject({
      ok: false,
      refusal: { message: 'the event has no host and path that make a URL' },
    })
  })
})
