import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOfResponse } from '../../../../src/adapters/lambda/event-answer.ts'

const BYTES = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256)

function typed(body: BodyInit, type: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { 'Content-Type': type, ...headers } })
}

describe('an answer has as text', () => {
  test.each([
    'application/json',
    'application/json;charset=utf-8',
    'Application/JSON ; charset=utf-8',
    'application/jwk-set+json',
    'text/plain;charset=UTF-8',
    'text/html',
  ])('a body of %s', async (type) => {
    const answer = await answerOfResponse(typed('\uFEFF{"a":"ä😀"}', type), 'GET')
    expect(answer).toMatchObject({ body: '\uFEFF{"a":"ä😀"}', isBase64Encoded: false })
  })
})

describe('an answer has as base64', () => {
  test.each<[title: string, response: Response]>([
    ['a body of another type', typed('text', 'application/octet-stream')],
    ['a body of a type that begins like JSON', typed('text', 'application/jsonish')],
    ['a body without a type', new Response(Buffer.from('text'))],
    ['text that is compressed', typed('text', 'text/plain', { 'Content-Encoding': 'gzip' })],
  ])('%s', async (_title, response) => {
    const body = Buffer.from('text').toString('base64')
    expect(await answerOfResponse(response, 'GET')).toMatchObject({ body, isBase64Encoded: true })
  })

  test.each(['text/plain', 'image/png'])('what is no UTF-8, said to be %s', async (type) => {
    const { body, isBase64Encoded } = await answerOfResponse(typed(BYTES, type), 'GET')
    expect(isBase64Encoded).toBe(true)
    expect(Buffer.from(body, 'base64')).toEqual(Buffer.from(BYTES))
  })
})

describe('an answer has no body', () => {
  const headers = { 'Content-Type': 'image/png', 'Content-Length': '7' }
  test.each<[title: string, response: Response, method: string]>([
    ['to a HEAD', new Response('content', { headers }), 'HEAD'],
    ['of a 204', new Response(null, { status: 204, headers }), 'GET'],
    ['of a 304', new Response(null, { status: 304, headers }), 'GET'],
    ['where the response has none', new Response(null, { headers }), 'GET'],
  ])('%s, and its headers', async (_title, response, method) => {
    expect(await answerOfResponse(response, method)).toEqual({
      statusCode: response.status,
      headers: { 'content-type': 'image/png', 'content-length': '7' },
      body: '',
      isBase64Encoded: false,
    })
  })
})

test('an answer has the headers of the response and no others', async () => {
  const response = new Response(null, {
    status: 503,
    headers: { ETag: '"a"', 'Retry-After': '5', Vary: 'A', 'X-A': 'ä' },
  })
  response.headers.append('Vary', 'B')
  const { statusCode, headers } = await answerOfResponse(response, 'GET')
  expect(statusCode).toBe(503)
  expect(headers).toEqual({ etag: '"a"', 'retry-after': '5', vary: 'A, B', 'x-a': 'ä' })
})

test('each Set-Cookie is a cookie of its own', async () => {
  const response = new Response(null)
  response.headers.append('Set-Cookie', 'a=1; Expires=Tue, 01 Jan 2030 00:00:00 GMT')
  response.headers.append('Set-Cookie', 'b=2')
  const { headers, cookies } = await answerOfResponse(response, 'GET')
  expect(headers).toEqual({})
  expect(cookies).toEqual(['a=1; Expires=Tue, 01 Jan 2030 00:00:00 GMT', 'b=2'])
})

test('a response whose body fails is no answer', async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('broken')) })
  await expect(answerOfResponse(new Response(body), 'GET')).rejects.toThrow('broken')
})

test('the body of an answer is that of the response, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array(),
      fc.constantFrom('text/plain', 'application/json', 'image/png'),
      async (bytes, type) => {
        const answer = await answerOfResponse(typed(new Uint8Array(bytes), type), 'GET')
        const passed = JSON.parse(JSON.stringify(answer)) as typeof answer
        const encoding = passed.isBase64Encoded ? 'base64' : 'utf8'
        expect(Buffer.from(passed.body, encoding)).toEqual(Buffer.from(bytes))
      },
    ),
  )
})
