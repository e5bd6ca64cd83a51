/**
 * Events of AWS, through a whole function: what each form of them is answered, and what is no event for it.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LambdaAnswer } from '../../src/adapters/lambda/event-answer.ts'
import { createIssuer, newIssuerId } from '../support/hosts/control-client.ts'
import { type AnsweringLambda, type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import {
  functionUrlEvent,
  httpApiEvent,
  type HttpApiEvent,
  type LambdaRequest,
} from '../support/hosts/lambda-events.ts'

const ENTRANCES: [title: string, eventOf: (request: LambdaRequest) => HttpApiEvent][] = [
  ['an HTTP API', (request) => httpApiEvent(request)],
  ['a stage of an HTTP API', (request) => httpApiEvent({ ...request, stage: 'prod' })],
  ['a Function URL', functionUrlEvent],
]

let host: LambdaHost
let id = ''
beforeAll(async () => {
  host = await lambdaHost()
  ;({ id } = await createIssuer(host))
})
afterAll(() => host.close())

const ask = (name: AnsweringLambda, event: unknown) => host.invoke(name, event)
const shown = ({ body }: LambdaAnswer) => JSON.parse(body) as Record<string, unknown>

/** At the installation's own host, from a caller that IAM knows. */
const asked = (request: LambdaRequest): LambdaRequest => ({
  ...request,
  iam: 'authenticated',
  port: 'kept',
  headers: { Host: new URL(host.baseUrl).host, ...request.headers },
})

describe.each(ENTRANCES)('%s', (_entrance, eventOf) => {
  const jwkSet = (request: LambdaRequest) =>
    ask('http', eventOf({ rawPath: `/${id}/.well-known/jwks.json`, ...request }))

  test.each<[form: string, contentType: string, change: (event: HttpApiEvent) => object]>([
    ['text', 'application/json', (event) => event],
    ['base64', 'application/json', inBase64],
    ['base64 with a charset', 'application/json; charset=utf-8', inBase64],
  ])('brings a body as %s', async (_form, contentType, change) => {
    const json = { id: newIssuerId(), policy: { algorithm: 'ES256' } }
    const event = eventOf(
      asked({
        method: 'POST',
        rawPath: '/control/issuers',
        headers: { 'Content-Type': contentType },
        body: JSON.stringify(json),
      }),
    )
    const created = await ask('control', change(event))
    expect(created.statusCode, `answered ${created.body}`).toBe(201)
    expect(created.isBase64Encoded).toBe(false)
    const read = await ask('control', eventOf(asked({ rawPath: `/control/issuers/${json.id}` })))
    expect(read.body).toBe(created.body)
  })

  test('brings a body that is no base64: 400, and nothing is written', async () => {
    const before = Object.keys(host.s3.objects())
    const event = eventOf(
      asked({
        method: 'POST',
        rawPath: '/control/issuers',
        headers: { 'Content-Type': 'application/json' },
        body: '{"id":"marked-body"}',
      }),
    )
    const answer = await ask('control', { ...event, isBase64Encoded: true })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).not.toContain('marked-body')
    expect(Object.keys(host.s3.objects())).toStrictEqual(before)
  })

  test('joins several values of a header, each of which counts', async () => {
    const { headers } = await jwkSet({})
    const { etag = '' } = headers
    const ifNoneMatch = (...values: readonly string[]) =>
      jwkSet({ headers: { 'If-None-Match': values } })
    for (const values of [
      [etag, '"other"'],
      ['"other"', `W/${etag}`],
      ['"a", "b"', `"c",${etag}`],
    ]) {
      expect(await ifNoneMatch(...values)).toMatchObject({ statusCode: 304, body: '' })
    }
    expect(await ifNoneMatch('"other"', '"another"')).toMatchObject({ statusCode: 200 })
  })

  test('asks HEAD: the headers of GET, and no body', async () => {
    const [head, get] = [await jwkSet({ method: 'HEAD' }), await jwkSet({})]
    expect(get.body).toContain('"keys"')
    expect(head).toStrictEqual({ ...get, body: '' })
  })

  test('has a stage or none, of which no document says anything', async () => {
    const rawPath = `/${id}/.well-known/openid-configuration`
    const discovery = await ask('http', eventOf({ rawPath }))
    expect(discovery.statusCode, `answered ${discovery.body}`).toBe(200)
    const issuer = `${host.baseUrl}/${id}`
    const jwksUri = `${issuer}/.well-known/jwks.json`
    expect(shown(discovery)).toMatchObject({ issuer, jwks_uri: jwksUri })
  })

  test('without a caller that IAM knows: 403, and nothing is done', async () => {
    const before = host.s3.objects()
    const [s3, kms, lambda] = [host.s3, host.kms, host.lambda].map(({ calls }) => calls.length)
    const bodies: [method: string, path: string, body?: string][] = [
      ['GET', '/control/issuers'],
      ['HEAD', '/control/issuers'],
      ['POST', '/control/issuers', '{"id":"evil"}'],
      ['PATCH', `/control/issuers/${id}`, '{"policy":{}}'],
      ['DELETE', `/control/issuers/${id}`],
      ['PUT', `/control/issuers/${id}/adopted-keys`, '{"keys":[]}'],
      ['POST', `/control/issuers/${id}/tokens`, '{"subject":"s","audience":"a"}'],
    ]
    for (const [method, rawPath, body = ''] of bodies) {
      const headers = { 'Content-Type': 'application/json' }
      const event = eventOf({ ...asked({ method, rawPath, body, headers }), iam: 'none' })
      for (const authorizer of NO_CALLERS) {
        const requestContext = { ...event.requestContext, authorizer }
        const answer = await ask('control', { ...event, requestContext })
        expect(answer.statusCode, `${method} ${rawPath}`).toBe(403)
        expect(answer.body).toMatch(method === 'HEAD' ? /^$/ : /^\{"error":"access_denied",/)
      }
    }
    expect(host.s3.objects()).toStrictEqual(before)
    const after = [host.s3, host.kms, host.lambda].map(({ calls }) => calls.length)
    expect(after).toStrictEqual([s3, kms, lambda])
  })

  test.each<[title: string, change: (event: Record<string, unknown>) => unknown]>([
    ['without a context', (event) => without(event, 'requestContext')],
    ['with an empty context', (event) => ({ ...event, requestContext: {} })],
    ['without a path', (event) => without(event, 'rawPath')],
    ['with a path of null', (event) => ({ ...event, rawPath: null })],
    ['with a path that is none', (event) => ({ ...event, rawPath: '@evil.example/' })],
    ['without a method', (event) => ({ ...event, requestContext: { http: {} } })],
    ['with an odd method', (event) => ({ ...event, requestContext: { http: { method: 'A B' } } })],
    [
      'without any host',
      (event) => ({ ...event, headers: {}, requestContext: { http: { method: 'GET' } } }),
    ],
    ['with a list of headers', (event) => ({ ...event, headers: [['host', 'a']] })],
  ])('%s is 400', async (_title, change) => {
    const event = change({ ...eventOf(asked({ rawPath: '/control/issuers' })) })
    expect(await problemsOfNoEvent(event)).toStrictEqual([])
  })

  test('may lack whatever a request need not have', async () => {
    const { rawPath, requestContext } = eventOf({ rawPath: `/${id}/healthz` })
    const { domainName, stage, http } = requestContext
    const context = { domainName, stage, http: { method: http.method } }
    const answer = await ask('http', { rawPath, requestContext: context })
    expect(answer.statusCode, `answered ${answer.body}`).toBe(200)
  })
})

test.each<[title: string, event: unknown]>([
  ['an event of payload format 1.0', version1Event()],
  [
    'the schedule',
    {
      version: '0',
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      account: '999988887777',
      resources: ['arn:aws:events:eu-central-1:999988887777:rule/marked-rule'],
      detail: {},
    },
  ],
  ['messages of a queue', { Records: [{ eventSource: 'aws:sqs', body: 'marked-message' }] }],
  ['a rotation', { version: 1, issuer: 'prod' }],
  ['nothing', {}],
  ['null', null],
  ['a text', 'marked-text'],
  ['a number', 1],
  ['a list', [httpApiEvent()]],
])('%s is 400 to both functions', async (_title, event) => {
  expect(await problemsOfNoEvent(event)).toStrictEqual([])
})

/** Contexts that say nothing of IAM, or not who it was. */
const NO_CALLERS: readonly unknown[] = [
  undefined,
  null,
  {},
  { iam: null },
  { iam: {} },
  { iam: { accountId: null, userArn: null, userId: null } },
  { lambda: { principalId: 'marked', accountId: '999988887777', userArn: 'a', userId: 'b' } },
  { jwt: { claims: { iam: 'arn:aws:iam::999988887777:user/evil' }, scopes: null } },
]

/** How the answers of both functions differ from one small refusal and one line of the log; empty when they are that. */
async function problemsOfNoEvent(event: unknown): Promise<string[]> {
  const problems: string[] = []
  for (const name of ['http', 'control'] as const) {
    const linesBefore = host.logLines().length
    const answer = await ask(name, event)
    const { error, error_description: sentence, ...others } = shown(answer)
    const found: [isOne: boolean, what: string][] = [
      [answer.statusCode !== 400, `status ${answer.statusCode}`],
      [answer.headers['cache-control'] !== 'no-store', 'may be cached'],
      [answer.headers['x-content-type-options'] !== 'nosniff', 'may be sniffed'],
      [error !== 'invalid_request', `error ${String(error)}`],
      [typeof sentence !== 'string', 'no sentence'],
      [Object.keys(others).length > 0, `members ${Object.keys(others).join()}`],
      [/marked|9999|6666|evil/.test(`${answer.body} ${host.logLines().join()}`), 'it is echoed'],
      [host.logLines().length !== linesBefore + 1, 'not one line of the log'],
    ]
    problems.push(...found.flatMap(([isOne, what]) => (isOne ? [`${name}: ${what}`] : [])))
  }
  return problems
}

function without(event: Record<string, unknown>, member: string): object {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== member))
}

function inBase64(event: HttpApiEvent): object {
  const body = Buffer.from(event.body ?? '').toString('base64')
  return { ...event, body, isBase64Encoded: true }
}

/** What REST APIs send, and HTTP APIs that were set to it. */
function version1Event(): object {
  return {
    version: '1.0',
    resource: '/{proxy+}',
    path: '/control/issuers',
    httpMethod: 'GET',
    headers: { Host: 'a.example' },
    multiValueHeaders: { Host: ['a.example'] },
    requestContext: {
      httpMethod: 'GET',
      path: '/control/issuers',
      identity: { accountId: '999988887777', userArn: 'arn:aws:iam::999988887777:user/marked' },
    },
    body: null,
    isBase64Encoded: false,
  }
}
