/**
 * An HTTP API of Amazon API Gateway as a template has it: its routes, their authorizers, and the permission that lets it
 * invoke a function.
 *
 * API Gateway developer guide, "Create routes for HTTP APIs". What it answers of itself are its own words and not ours.
 */

import type { LambdaAnswer } from '../../../src/adapters/lambda/event-answer.ts'
import { matchesPattern } from '../aws/iam-conditions.ts'
import { type PhysicalNames, resolved, resourcesOf, type Template } from '../aws/template.ts'
import { type HttpApiEvent, httpApiEvent, type LambdaRequest } from './lambda-events.ts'
import { answerHeaders, type TestResponse } from './test-host.ts'

export interface HttpApiOptions {
  readonly template: Template
  readonly names: PhysicalNames
  /** Logical id of the `AWS::ApiGatewayV2::Api`. */
  readonly api: string
  /** By the function's ARN. Rejects as the function does; `hangs` where it does not answer in time. */
  readonly invoke: (functionArn: string, event: HttpApiEvent) => Promise<LambdaAnswer | 'hangs'>
}

export interface HttpApi {
  /** `iam`: whose signature AWS knows. Resolves to `hangs` where nobody answers. */
  answer(request: LambdaRequest): Promise<TestResponse | 'hangs'>
  /** What stands in the way of a route that would be found, such as a permission that lacks. */
  readonly domain: string
}

interface Route {
  readonly key: string
  readonly isAuthorized: boolean
  readonly functionArn: string
}

type Properties = Readonly<Record<string, unknown>>

const DEFAULT_ROUTE = '$default'

export function httpApi({ template, names, api, invoke }: HttpApiOptions): HttpApi {
  const id = names.ref(api) ?? ''
  const ofApi = (type: string) =>
    propertiesOf(template, names, type).filter((each) => each['ApiId'] === id)
  const stages = ofApi('AWS::ApiGatewayV2::Stage').map((stage) => stage['StageName'])
  if (stages.length !== 1 || stages[0] !== DEFAULT_ROUTE) {
    throw new TypeError(`the stages of ${api} are ${stages.join()}`)
  }
  const routes = ofApi('AWS::ApiGatewayV2::Route').map((route) =>
    routeOf(route, { template, names }),
  )
  const permissions = propertiesOf(template, names, 'AWS::Lambda::Permission')

  function mayInvoke({ functionArn, key }: Route): boolean {
    const [method = '', path = ''] = key === DEFAULT_ROUTE ? [DEFAULT_ROUTE] : key.split(' ')
    const source = `arn:aws:execute-api:${names.ref('AWS::Region')}:${names.ref('AWS::AccountId')}:${id}/${DEFAULT_ROUTE}/${method}${path}`
    return permissions.some(
      ({ Principal, Action, FunctionName, SourceArn }) =>
        Principal === 'apigateway.amazonaws.com' &&
        Action === 'lambda:InvokeFunction' &&
        FunctionName === functionArn &&
        matchesPattern(source, String(SourceArn)),
    )
  }

  return {
    domain: `${id}.execute-api.${names.ref('AWS::Region')}.amazonaws.com`,
    answer: async (request) => {
      const { method = 'GET', rawPath = '/' } = request
      const route = routeFor(routes, method, httpApiEvent({ rawPath }).rawPath)
      if (route === undefined) return ownAnswer(404, 'Not Found')
      if (route.isAuthorized && request.iam !== 'authenticated') return ownAnswer(403, 'Forbidden')
      if (!mayInvoke(route)) return ownAnswer(500, 'Internal Server Error')
      const event = httpApiEvent(request)
      const { iam: _iam, ...anonymous } = request
      const seen = route.isAuthorized ? event : httpApiEvent(anonymous)
      try {
        const answer = await invoke(route.functionArn, { ...seen, routeKey: route.key })
        return answer === 'hangs' ? 'hangs' : responseOf(answer)
      } catch {
        return ownAnswer(500, 'Internal Server Error')
      }
    },
  }
}

function propertiesOf(template: Template, names: PhysicalNames, type: string): Properties[] {
  return resourcesOf(template, type).map(
    ([, { Properties = {} }]) => resolved(Properties, names) as Properties,
  )
}

function routeOf(
  { RouteKey, AuthorizationType = 'NONE', Target }: Properties,
  { template, names }: Pick<HttpApiOptions, 'template' | 'names'>,
): Route {
  if (AuthorizationType !== 'NONE' && AuthorizationType !== 'AWS_IAM') {
    throw new TypeError(`nobody stands in for authorizers of type ${String(AuthorizationType)}`)
  }
  const integration = resourcesOf(template, 'AWS::ApiGatewayV2::Integration').find(
    ([id]) => `integrations/${names.ref(id)}` === Target,
  )?.[1].Properties
  const { IntegrationType, IntegrationUri, PayloadFormatVersion } = resolved(
    integration,
    names,
  ) as Properties
  if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
    throw new TypeError(
      `the route ${String(RouteKey)} does not lead to a function by payload format 2.0`,
    )
  }
  return {
    key: String(RouteKey),
    isAuthorized: AuthorizationType === 'AWS_IAM',
    functionArn: String(IntegrationUri),
  }
}

/** Developer guide: a full match comes before one by a greedy variable, and `$default` last. */
function routeFor(routes: readonly Route[], method: string, path: string): Route | undefined {
  const rank = ({ key }: Route): number => {
    if (key === DEFAULT_ROUTE) return 0
    const [its = '', pattern = ''] = key.split(' ')
    if (its !== 'ANY' && its !== method) return -1
    const isGreedy = pattern.endsWith('/{proxy+}')
    const start = pattern.slice(0, -'{proxy+}'.length)
    const isMatch = isGreedy ? path.startsWith(start) && path !== start : path === pattern
    if (!isMatch) return -1
    return (isGreedy ? 1 : 1000) + pattern.length + (its === 'ANY' ? 0 : 0.5)
  }
  return routes
    .filter((route) => rank(route) >= 0)
    .toSorted((one, other) => rank(other) - rank(one))
    .at(0)
}

function ownAnswer(status: number, message: string): TestResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  }
}

function responseOf(answer: LambdaAnswer): TestResponse {
  const { statusCode: status, headers, cookies = [], body, isBase64Encoded } = answer
  const set = cookies.map((cookie) => ['set-cookie', cookie] as const)
  return {
    status,
    headers: answerHeaders([...Object.entries(headers), ...set]),
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  }
}
