import { describe, expect, test } from 'vitest'
import { hasIamCaller } from '../../../../src/adapters/lambda/iam-caller.ts'
import {
  lambdaHandler,
  type LambdaHandlerOptions,
} from '../../../../src/adapters/lambda/lambda-handler.ts'
import { jsonLog } from '../../../../src/log.ts'
import {
  httpApiEvent,
  MARKED_ACCOUNT,
  MARKED_CALLER,
  MARKED_OWNER_ACCOUNT,
} from '../../../support/hosts/lambda-events.ts'

const ERROR_HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
}

function handlerOver(options: Partial<LambdaHandlerOptions>) {
  const requests: Request[] = []
  const lines: string[] = []
  const handler = lambdaHandler({
    log: jsonLog((_level, line) => lines.push(line)),
    ...options,
    fetch: (request, keepAlive) => {
      requests.push(request)
      return options.fetch?.(request, keepAlive) ?? Response.json({ path: request.url })
    },
  })
  return { handler, requests, records: () => lines.map((line): unknown => JSON.parse(line)) }
}

test('an event is answered with what fetch answers, at once or later', async () => {
  const event = httpApiEvent({ rawPath: '/prod/healthz?a=b', headers: { Host: 'a.example' } })
  const expected = {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"path":"https://a.example/prod/healthz?a=b"}',
    isBase64Encoded: false,
  }
  const { handler, records } = handlerOver({})
  expect(await handler(event)).toEqual(expected)
  const later = handlerOver({ fetch: async ({ url }) => Response.json({ path: url }) })
  expect(await later.handler(event)).toEqual(expected)
  expect(records()).toEqual([])
})

test('a HEAD is answered without a body', async () => {
  const { handler } = handlerOver({ fetch: () => new Response('text') })
  expect(await handler(httpApiEvent({ method: 'HEAD' }))).toMatchObject({
    statusCode: 200,
    body: '',
  })
})

test.each<[title: string, event: unknown, problem: string]>([
  ['is none of HTTP', { source: 'aws.events' }, 'payload format 2.0'],
  ['is none at all', undefined, 'payload format 2.0'],
  ['has a bad host', httpApiEvent({ headers: { Host: 'a/b' } }), 'no host and path'],
  ['has a bad method', httpApiEvent({ method: '' }), 'no HTTP method'],
  [
    'has a bad body',
    { ...httpApiEvent({ method: 'POST' }), body: '!', isBase64Encoded: true },
    'base64',
  ],
])('an event that %s is refused before fetch, and noted', async (_title, event, problem) => {
  const { handler, requests, records } = handlerOver({})
  const { body, ...answer } = await handler(event)
  expect(answer).toEqual({ statusCode: 400, headers: ERROR_HEADERS, isBase64Encoded: false })
  const description: unknown = expect.stringContaining(problem)
  expect(JSON.parse(body)).toEqual({ error: 'invalid_request', error_description: description })
  expect(records()).toEqual([{ level: 'warn', event: 'event_refused', problem: description }])
  expect(requests).toEqual([])
})

describe('a handler that admits whom IAM has authenticated', () => {
  test('answers him', async () => {
    const { handler, records } = handlerOver({ admit: hasIamCaller })
    const answer = await handler(httpApiEvent({ iam: 'authenticated' }))
    expect(answer.statusCode).toBe(200)
    expect(records()).toEqual([])
  })

  test.each(['GET', 'POST', 'TRACE'])('refuses a %s of anybody else', async (method) => {
    const { handler, requests, records } = handlerOver({ admit: hasIamCaller })
    expect(await handler(httpApiEvent({ method }))).toEqual({
      statusCode: 403,
      headers: ERROR_HEADERS,
      body: '{"error":"access_denied","error_description":"the control API takes requests that AWS IAM has authenticated: put an IAM authorizer before it"}',
      isBase64Encoded: false,
    })
    expect(records()).toEqual([
      {
        level: 'warn',
        event: 'event_refused',
        problem: 'AWS IAM has not authenticated the caller',
      },
    ])
    expect(requests).toEqual([])
  })

  test('refuses a HEAD without a body', async () => {
    const { handler } = handlerOver({ admit: hasIamCaller })
    const answer = await handler(httpApiEvent({ method: 'HEAD' }))
    expect(answer).toMatchObject({ statusCode: 403, body: '' })
  })
})

class MarkedError extends Error {
  override readonly name = 'MarkedError'
}

function failingBody(): Response {
  return new Response(
    new ReadableStream({
      start: (controller) => controller.error(new MarkedError(MARKED_CALLER)),
    }),
  )
}

test.each<[title: string, options: Partial<LambdaHandlerOptions>]>([
  [
    'fetch that throws',
    {
      fetch: () => {
        throw new MarkedError(MARKED_CALLER)
      },
    },
  ],
  ['fetch that rejects', { fetch: async () => Promise.reject(new MarkedError(MARKED_CALLER)) }],
  ['a body that fails', { fetch: failingBody }],
  [
    'admit that throws',
    {
      admit: () => {
        throw new MarkedError(MARKED_CALLER)
      },
    },
  ],
])('%s is a mistake of ours, noted by its name', async (_title, options) => {
  const { handler, records } = handlerOver(options)
  expect(await handler(httpApiEvent())).toEqual({
    statusCode: 500,
    headers: ERROR_HEADERS,
    body: '{"error":"server_error","error_description":"the request could not be completed"}',
    isBase64Encoded: false,
  })
  expect(records()).toEqual([
    { level: 'error', event: 'request_failed', code: 'internal', cause: 'MarkedError' },
  ])
})

test('nothing says who the caller is', async () => {
  const said: string[] = []
  const event = httpApiEvent({ iam: 'authenticated' })
  for (const its of [event, { ...event, rawPath: 1 }, httpApiEvent()]) {
    for (const fetch of [() => new Response('x'), failingBody]) {
      const { handler, records } = handlerOver({ fetch, admit: hasIamCaller })
      said.push(JSON.stringify([await handler(its), records()]))
    }
  }
  for (const mark of [MARKED_ACCOUNT, MARKED_OWNER_ACCOUNT, 'MARKEDCALLER', 'marked']) {
    expect(said.join('\n')).not.toContain(mark)
  }
})

describe('work that fetch wants finished', () => {
  test('is not waited for', async () => {
    const work = Promise.withResolvers<void>()
    const { handler } = handlerOver({
      fetch: (_request, keepAlive) => {
        keepAlive(work.promise)
        return new Response('answered')
      },
    })
    expect((await handler(httpApiEvent())).statusCode).toBe(200)
    work.resolve()
  })

  test('may fail, and the process goes on', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const { handler } = handlerOver({
        fetch: (_request, keepAlive) => {
          keepAlive(Promise.reject(new MarkedError('late')))
          return new Response('answered')
        },
      })
      expect((await handler(httpApiEvent())).statusCode).toBe(200)
      // Node says so before the next turn of its loop.
      await new Promise((resolve) => setImmediate(resolve))
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })
})
