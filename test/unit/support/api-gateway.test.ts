/**
 * The stand-in for an HTTP API: which route takes a request, who is let in, and what the function sees.
 */

import { expect, test } from 'vitest'
import type { PhysicalNames, Template } from '../../support/aws/template.ts'
import { httpApi } from '../../support/hosts/api-gateway.ts'
import type { HttpApiEvent } from '../../support/hosts/lambda-events.ts'

const REGION = 'eu-central-1'
const ACCOUNT = '111122223333'

const names: PhysicalNames = {
  ref: (id) => ({ 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT })[id] ?? id.toLowerCase(),
  attribute: (id, name) => `${id}-${name}`,
}

function route(key: string, type = 'NONE') {
  const Target = { 'Fn::Join': ['/', ['integrations', { Ref: 'Its' }]] }
  const Properties = { ApiId: { Ref: 'Api' }, RouteKey: key, AuthorizationType: type, Target }
  return { Type: 'AWS::ApiGatewayV2::Route', Properties }
}

const ROUTES = [
  'GET /{proxy+}',
  'ANY /{proxy+}',
  'ANY /control/{proxy+}',
  'GET /control',
  'POST /control/exact',
  '$default',
]

const isFor = (key: string) => (key.includes('control') ? 'AWS_IAM' : 'NONE')

function templateOf(changes: { readonly keys?: readonly string[]; readonly source?: string } = {}) {
  const { keys = ROUTES, source = `arn:aws:execute-api:${REGION}:${ACCOUNT}:api/*/*` } = changes
  const routes = keys.map((key, index) => [`Route${index}`, route(key, isFor(key))] as const)
  return {
    Resources: {
      ...Object.fromEntries(routes),
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'Api' }, StageName: '$default' },
      },
      Its: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          IntegrationType: 'AWS_PROXY',
          PayloadFormatVersion: '2.0',
          IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
          SourceArn: source,
        },
      },
    },
  } satisfies Template
}

function started(template: Template = templateOf()) {
  const events: HttpApiEvent[] = []
  const api = httpApi({
    template,
    names,
    api: 'Api',
    invoke: async (arn, event) => {
      expect(arn).toBe('Function-Arn')
      events.push(event)
      return { statusCode: 200, headers: {}, body: 'eA==', isBase64Encoded: true }
    },
  })
  return { api, events }
}

test.each<[method: string, rawPath: string, key: string]>([
  ['GET', '/a/b?x=1', 'GET /{proxy+}'],
  ['HEAD', '/a', 'ANY /{proxy+}'],
  ['GET', '/', '$default'],
  ['PURGE', '/', '$default'],
  ['GET', '/control', 'GET /control'],
  ['POST', '/control', 'ANY /{proxy+}'],
  ['GET', '/control/a', 'ANY /control/{proxy+}'],
  ['GET', '/%63ontrol/a', 'ANY /control/{proxy+}'],
  ['POST', '/control/exact', 'POST /control/exact'],
  ['POST', '/controls', 'ANY /{proxy+}'],
])('%s %s takes the route %s', async (method, rawPath, key) => {
  const { api, events } = started()
  const answer = await api.answer({ method, rawPath, iam: 'authenticated' })
  expect(answer).toMatchObject({ status: 200, body: 'x' })
  expect(events).toMatchObject([{ routeKey: key, requestContext: { stage: '$default' } }])
})

test('who is not known is refused before the function, and is said to be nobody else', async () => {
  const { api, events } = started()
  expect(await api.answer({ rawPath: '/control/a' })).toMatchObject({ status: 403 })
  expect(events).toStrictEqual([])
  await api.answer({ rawPath: '/control/a', iam: 'authenticated' })
  await api.answer({ rawPath: '/a', iam: 'authenticated' })
  const callers = events.map(({ requestContext }) => requestContext.authorizer !== undefined)
  expect(callers).toStrictEqual([true, false])
})

test.each<[title: string, template: Template, status: number]>([
  ['without a route', templateOf({ keys: ['POST /{proxy+}'] }), 404],
  [
    'without a permission',
    templateOf({ source: `arn:aws:execute-api:${REGION}:${ACCOUNT}:other/*` }),
    500,
  ],
  [
    'with a permission for another route',
    templateOf({ source: `arn:aws:execute-api:${REGION}:${ACCOUNT}:api/*/POST/*` }),
    500,
  ],
])('%s the function is not asked', async (_title, template, status) => {
  const { api, events } = started(template)
  expect(await api.answer({ rawPath: '/a' })).toMatchObject({ status })
  expect(events).toStrictEqual([])
})

test.each<[title: string, invoke: () => Promise<'hangs'>, answer: unknown]>([
  ['throws', async () => Promise.reject(new Error('broken')), { status: 500 }],
  ['hangs', async () => 'hangs', 'hangs'],
])('a function that %s', async (_title, invoke, expected) => {
  const api = httpApi({ template: templateOf(), names, api: 'Api', invoke })
  const answer = await api.answer({ rawPath: '/a' })
  expect({ answer }).toMatchObject({ answer: expected })
})
