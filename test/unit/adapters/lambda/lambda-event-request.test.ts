import { describe, expect, test } from 'vitest'
import { requestOfEvent } from '../../../../src/adapters/lambda/event-request.ts'
import { functionUrlEvent, httpApiEvent } from '../../../support/hosts/lambda-events.ts'

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

function withHeaders(headers: object): object {
  return bareEvent({ headers })
}

function post(members: object, method = 'POST'): Request {
  return requestFrom(bareEvent(members, { http: { method } }))
}

describe('the headers of an event', () => {
  test.each<[title: string, event: object, name: string, value: string | null]>([
    ['a header', withHeaders({ 'if-none-match': '"a"' }), 'If-None-Match', '"a"'],
    ['several values', withHeaders({ accept: 'a,b, c' }), 'Accept', 'a,b, c'],
    ['what is Latin-1', withHeaders({ 'x-a': 'ä' }), 'X-A', 'ä'],
    ['not what no header can be', withHeaders({ 'x-a': '😀' }), 'X-A', null],
    ['not a value with a line end', withHeaders({ 'x-a': 'a\r\nb: c' }), 'X-A', null],
    ['not a value with a zero', withHeaders({ 'x-a': 'a\u0000b' }), 'X-A', null],
    ['not a value that is no text', withHeaders({ 'x-a': 1 }), 'X-A', null],
    ['the Host', withHeaders({ host: 'other.example' }), 'Host', 'other.example'],
    ['cookies', bareEvent({ cookies: ['a=1', 'b=2'] }), 'Cookie', 'a=1; b=2'],
    ['no cookies', bareEvent({ cookies: [] }), 'Cookie', null],
    ['not a cookie that is no text', bareEvent({ cookies: [1, 'b=2', null] }), 'Cookie', 'b=2'],
    [
      'cookies once where they are a header too',
      bareEvent({ cookies: ['a=1'], headers: { cookie: 'a=1' } }),
      'Cookie',
      'a=1',
    ],
  ])('have %s', (_title, event, name, value) => {
    expect(requestFrom(event).headers.get(name)).toBe(value)
  })

  test('are still there beside one that is left out', () => {
    const { headers } = requestFrom(
      withHeaders({ '': 'x', 'a b': 'x', 'x-a': '😀', 'x-b': 'kept' }),
    )
    expect([...headers]).toEqual([['x-b', 'kept']])
  })

  test.each([undefined, null, {}])('may be %j', (headers) => {
    expect([...requestFrom(bareEvent({ headers })).headers]).toEqual([])
  })
})

describe('the method of an event', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'QUERY'])(
    '%s',
    (method) => {
      expect(post({}, method).method).toBe(method)
    },
  )

  test.each(['TRACE', 'CONNECT', 'TRACK', 'trace'])(
    '%s, which Request does not make, without a body',
    (method) => {
      const request = post({ rawPath: '/x', headers: { 'x-a': 'b' }, body: 'x' }, method)
      expect(request.method).toBe(method)
      expect(request.body).toBeNull()
      expect(request.headers.has('Content-Length')).toBe(false)
      expect(request.url).toBe(`https://${HOST}/x`)
      expect(request.headers.get('X-A')).toBe('b')
    },
  )

  test.each(['', 'A B', 'GET\r\n', 'GÄT', 'GET /'])('is refused when it is %j', (method) => {
    expect(requestOfEvent(bareEvent({}, { http: { method } }))).toMatchObject({
      ok: false,
      refusal: { message: 'the method of the event is no HTTP method' },
    })
  })
})

describe('the body of an event', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  const base64 = Buffer.from(bytes).toString('base64')

  test.each<[title: string, members: object, body: Uint8Array]>([
    ['text', { body: 'ä\uFEFF' }, Buffer.from('ä\uFEFF')],
    ['text that looks like base64', { body: 'YQ==' }, Buffer.from('YQ==')],
    ['text where that is said', { body: 'YQ==', isBase64Encoded: false }, Buffer.from('YQ==')],
    ['text where null is said', { body: 'YQ==', isBase64Encoded: null }, Buffer.from('YQ==')],
    ['base64', { body: base64, isBase64Encoded: true }, bytes],
    ['base64 with padding', { body: 'YQ==', isBase64Encoded: true }, Buffer.from('a')],
  ])('is %s', async (_title, members, body) => {
    const request = post({ ...members, headers: { 'content-length': '9' } })
    expect(request.headers.get('Content-Length')).toBe(String(body.byteLength))
    expect(request.headers.get('Content-Type')).toBeNull()
    expect(Buffer.from(await request.arrayBuffer())).toEqual(Buffer.from(body))
  })

  test.each<[title: string, method: string, members: object]>([
    ['when it is left out', 'POST', {}],
    ['when it is null', 'POST', { body: null }],
    ['when it is empty', 'POST', { body: '' }],
    ['when it is empty base64', 'POST', { body: '', isBase64Encoded: true }],
    ['of a GET', 'GET', { body: 'x' }],
    ['of a HEAD', 'HEAD', { body: 'x' }],
    ['of a GET, malformed too', 'GET', { body: '!', isBase64Encoded: true }],
  ])('is none %s', (_title, method, members) => {
    const request = post({ ...members, headers: { 'content-length': '9' } }, method)
    expect(request.body).toBeNull()
    expect(request.headers.has('Content-Length')).toBe(false)
  })

  test('is whole, however it was sent', () => {
    const headers = { 'transfer-encoding': 'chunked' }
    expect(post({ headers, body: 'x' }).headers.has('Transfer-Encoding')).toBe(false)
  })

  test.each(['!', 'YQ', 'YQ=', 'Y===', 'YQ==\n', 'YQ ==', '-_8=', '===='])(
    'is refused when it is said to be base64 and is %j',
    (body) => {
      const event = bareEvent({ body, isBase64Encoded: true }, { http: { method: 'POST' } })
      expect(requestOfEvent(event)).toMatchObject({
        ok: false,
        refusal: { message: 'the body of the event is said to be base64 and is not' },
      })
    },
  )
})

test.each<[title: string, event: unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'GET /'],
  ['a list', []],
  ['an empty object', {}],
  [
    'an event of payload format 1.0',
    { version: '1.0', httpMethod: 'GET', path: '/', requestContext: { stage: '$default' } },
  ],
  ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
  ['no request context', { rawPath: '/' }],
  ['no http', bareEvent({ requestContext: { domainName: HOST } })],
  ['no method', bareEvent({}, { http: {} })],
  ['a method that is no text', bareEvent({}, { http: { method: 1 } })],
  ['no path', bareEvent({ rawPath: undefined })],
  ['a path that is no text', bareEvent({ rawPath: ['/'] })],
  ['a query that is no text', bareEvent({ rawQueryString: {} })],
  ['headers that are a text', bareEvent({ headers: 'a: b' })],
  ['cookies that are a text', bareEvent({ cookies: 'a=1' })],
  ['a body that is no text', bareEvent({ body: {} })],
  ['base64 that is neither true nor false', bareEvent({ isBase64Encoded: 'true' })],
  ['a stage that is no text', bareEvent({}, { stage: 1 })],
  ['a domain that is no text', bareEvent({}, { domainName: 1 })],
])('an event is refused that is or has %s', (_title, event) => {
  const asked = requestOfEvent(event)
  expect(asked).toMatchObject({ ok: false, refusal: { reason: 'invalid_request' } })
  expect(asked).toMatchObject({
    refusal: { message: expect.stringContaining('payload format 2.0') },
  })
})

describe('a request that AWS made an event of', () => {
  const sent = {
    method: 'POST',
    rawPath: '/control/issuers?after=a%2Fb&x=',
    headers: {
      Host: HOST,
      'Content-Type': 'application/json',
      Accept: ['a', 'b'],
      Cookie: 'a=1; b=2',
      'User-Agent': 'signet',
    },
    body: '{"a":"ä"}',
  }
  const events = [
    ['an HTTP API', httpApiEvent(sent)],
    ['an HTTP API with a stage', httpApiEvent({ ...sent, stage: 'prod' })],
    ['a Function URL', functionUrlEvent(sent)],
    ['a Function URL, a binary body', functionUrlEvent({ ...sent, body: Buffer.from(sent.body) })],
    ['base64', httpApiEvent({ ...sent, headers: { ...sent.headers, 'Content-Encoding': 'br' } })],
  ] as const

  test.each(events)('is the same after %s', async (_title, event) => {
    const request = requestFrom(JSON.parse(JSON.stringify(event)))
    expect(request.method).toBe('POST')
    expect(request.url).toBe(`https://${HOST}/control/issuers?after=a%2Fb&x=`)
    expect(Object.fromEntries(request.headers)).toMatchObject({
      host: HOST,
      'content-type': 'application/json',
      'content-length': '10',
      accept: 'a,b',
      cookie: 'a=1; b=2',
      'user-agent': 'signet',
    })
    expect(await request.text()).toBe(sent.body)
  })

  test.each([
    ['/%C3%A4/.well-known/jwks.json', '/%C3%A4/.well-known/jwks.json'],
    ['/a%20b', '/a%20b'],
    ['/a%23b', '/a%23b'],
    ['/%2e%2e/x', '/x'],
    ['//x', '//x'],
  ])('has the path %j through every entrance', (rawPath, path) => {
    for (const stage of ['$default', 'prod']) {
      expect(new URL(requestFrom(httpApiEvent({ rawPath, stage })).url).pathname).toBe(path)
    }
    expect(new URL(requestFrom(functionUrlEvent({ rawPath })).url).pathname).toBe(path)
  })
})
