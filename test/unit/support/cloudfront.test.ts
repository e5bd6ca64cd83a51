/**
 * The stand-in for a distribution: what it refuses, where it sends a request and with what, and when the second origin is
 * asked.
 */

import { describe, expect, test } from 'vitest'
import { edge, type OriginRequest } from '../../support/hosts/cloudfront.ts'
import type { EdgeBehavior, EdgeOrigin } from '../../support/hosts/cloudfront-config.ts'
import { runEdgeFunction } from '../../support/hosts/cloudfront-function.ts'
import type { TestResponse } from '../../support/hosts/test-host.ts'

const first: EdgeOrigin = {
  id: 'first',
  domain: 'first.internal',
  path: '',
  type: 'http',
  signedFor: undefined,
  secondsMax: 3,
}
const second: EdgeOrigin = { ...first, id: 'second', domain: 'second.internal', type: 's3' }

const behavior: EdgeBehavior = {
  pattern: '*.json',
  methods: ['GET', 'HEAD', 'OPTIONS'],
  origins: [first, second],
  failoverStatuses: [500, 503, 504],
  forwards: 'nothing',
  viewerRequest: `function handler(event) {
    if (event.request.uri === '/no.json') return { statusCode: 404, body: { encoding: 'text', data: 'no' } }
    event.request.uri = '/' + event.request.headers.host.value + event.request.uri
    return event.request
  }`,
  answerHeaders: {
    cors: { 'access-control-allow-origin': '*' },
    always: { 'x-content-type-options': 'nosniff' },
    replaces: false,
  },
}
const others: EdgeBehavior = {
  ...behavior,
  pattern: undefined,
  methods: ['GET', 'POST'],
  origins: [second],
  failoverStatuses: [],
  forwards: 'all but the host',
  viewerRequest: undefined,
  answerHeaders: undefined,
}

type Answers = Readonly<Record<string, TestResponse | 'hangs'>>

const good = (body: string): TestResponse => ({ status: 200, headers: {}, body })

function started(answers: Answers = { first: good('first'), second: good('second') }) {
  const asked: [id: string, request: OriginRequest][] = []
  const cdn = edge({
    config: { aliases: ['a.example', '*.b.example'], behaviors: [behavior, others] },
    ask: async ({ id }, request) => {
      asked.push([id, request])
      return answers[id] ?? 'hangs'
    },
  })
  const request = (method: string, rawPath: string, headers: Record<string, string> = {}) =>
    cdn.answer({ method, rawPath, headers: { host: 'a.example', ...headers } })
  return { asked, request }
}

test.each<[asked: boolean, host: string, method: string, path: string]>([
  [true, 'a.example', 'GET', '/x.json'],
  [true, 'A.Example:8443', 'GET', '/x.json'],
  [true, 'x.y.b.example', 'GET', '/x.json'],
  [false, 'b.example', 'GET', '/x.json'],
  [false, 'evil.internal', 'GET', '/x.json'],
  [false, 'a.example', 'POST', '/x.json'],
  [false, 'a.example', 'PURGE', '/x'],
  [true, 'a.example', 'POST', '/x'],
])('an origin is asked (%s) for %s %s %s', async (isAsked, host, method, path) => {
  const { asked, request } = started()
  const { status } = await request(method, path, { host })
  expect([status, asked.length]).toStrictEqual(isAsked ? [200, 1] : [403, 0])
})

test.each<[origin: string, path: string]>([
  ['first', '/a/x.json'],
  ['first', '/a/%78.js%6Fn'],
  ['first', '/y/../x.json'],
  ['second', '/x.json/..'],
  ['second', '/x.JSON'],
  ['second', '/x?y.json'],
])('%s is asked for %s', async (origin, path) => {
  const { asked, request } = started()
  await request('GET', path)
  expect(asked.map(([id]) => id)).toStrictEqual([origin])
})

test('what is forwarded', async () => {
  const { asked, request } = started()
  const headers = { 'if-none-match': '"x"', cookie: 'a=b', authorization: 'c' }
  await request('GET', '/x.json?a=b', headers)
  await request('POST', '/x?a=b', headers)
  const [documents, rest] = asked.map(([, sent]) => sent)
  expect(documents).toMatchObject({ method: 'GET', rawPath: '/a.example/x.json' })
  expect(documents?.headers).toStrictEqual({ 'if-none-match': '"x"', host: 'first.internal' })
  expect(rest).toMatchObject({ method: 'POST', rawPath: '/x?a=b' })
  expect(rest?.headers).toStrictEqual({ ...headers, host: 'second.internal' })
})

const status = (code: number): TestResponse => ({ status: code, headers: {}, body: '' })

describe('the second origin', () => {
  test.each<[answer: TestResponse | 'hangs', asked: boolean]>([
    [status(200), false],
    [status(403), false],
    [status(404), false],
    [status(500), true],
    [status(502), false],
    [status(503), true],
    ['hangs', true],
  ])('after %j is asked: %s', async (answer, isAsked) => {
    const { asked, request } = started({ first: answer, second: good('copy') })
    const { body } = await request('GET', '/x.json')
    expect([asked.length, body]).toStrictEqual(isAsked ? [2, 'copy'] : [1, ''])
  })

  test('has the last word, and 504 where it has none', async () => {
    const missing = started({ first: status(503), second: status(404) })
    expect(await missing.request('GET', '/x.json')).toMatchObject({ status: 404 })
    const hanging = started({ first: status(503), second: 'hangs' })
    expect(await hanging.request('GET', '/x.json')).toMatchObject({ status: 504 })
  })
})

test('headers are added where they lack, those of pages for pages alone', async () => {
  const own = { 'x-content-type-options': 'own' }
  const { request } = started({ first: { ...good(''), headers: own }, second: good('') })
  expect((await request('GET', '/x.json')).headers).toStrictEqual(own)
  const asPage = await request('GET', '/x.json', { origin: 'https://page.example' })
  expect(asPage.headers).toStrictEqual({ 'access-control-allow-origin': '*', ...own })
})

test('a function may answer by itself, and change the path alone', async () => {
  const { asked, request } = started()
  expect(await request('GET', '/no.json')).toMatchObject({ status: 404, body: 'no' })
  expect(await request('HEAD', '/no.json')).toMatchObject({ status: 404, body: '' })
  expect(asked).toStrictEqual([])
  const code = 'function handler({ request }) { request.method = "POST"; return request }'
  const event = { method: 'GET', uri: '/', query: '', headers: {} }
  expect(() => runEdgeFunction(code, event)).toThrow('changes more than the path')
})
