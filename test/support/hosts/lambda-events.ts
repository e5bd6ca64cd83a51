/**
 * Events as AWS makes them of a request: API Gateway HTTP APIs with payload format 2.0, and Lambda Function URLs.
 *
 * Who called, where an event says it, is marked, so that a search of what a host says finds it.
 */

import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2 } from 'aws-lambda'

export interface LambdaRequest {
  /** Default: GET. */
  readonly method?: string
  /** Path and query as they go over the wire, without the stage. Default: the root. */
  readonly rawPath?: string
  /** Several values of a name are several headers. `Host`: where the request goes; default a name of AWS. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
  /** Whether an IAM authorizer stands before the function and let the caller through. Default: there is none. */
  readonly iam?: 'authenticated' | 'none'
  /** Of `Host`, in the name of the domain. AWS has none there. Default: dropped. */
  readonly port?: 'kept' | 'dropped'
}

export interface HttpApiRequest extends LambdaRequest {
  /** Default: `$default`. */
  readonly stage?: string
}

export const MARKED_ACCOUNT = '999988887777'
export const MARKED_CALLER = `arn:aws:iam::${MARKED_ACCOUNT}:user/marked-caller`
const MARKED_USER_ID = 'AIDAMARKEDCALLER'

/** The account of the function, in every event too. */
export const MARKED_OWNER_ACCOUNT = '666655554444'

export type HttpApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: APIGatewayEventRequestContextV2 & {
    readonly authorizer?: { readonly iam: IamCaller }
  }
}

interface IamCaller {
  readonly accessKey: string
  readonly accountId: string
  readonly callerId: string
  readonly cognitoIdentity: null
  readonly principalOrgId: string | null
  readonly userArn: string
  readonly userId: string
}

interface Entrance {
  readonly host: string
  readonly stage: string
  /** As the entrance hands a path on. */
  readonly pathOf: (path: string) => string
  readonly principalOrgId: string | null
}

/** An HTTP API decodes the path, cuts it at a `?` that it decoded, and leaves a stage that has a name before it. */
export function httpApiEvent({
  stage = '$default',
  ...request
}: HttpApiRequest = {}): HttpApiEvent {
  const prefix = stage === '$default' ? '' : `/${stage}`
  return eventOf(request, {
    host: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
    stage,
    pathOf: (path) => `${prefix}${decoded(path).replace(/\?.*$/s, '')}`,
    principalOrgId: 'o-markedorg',
  })
}

/** A Function URL hands a path on as it was sent. */
export function functionUrlEvent(request: LambdaRequest = {}): HttpApiEvent {
  return eventOf(request, {
    host: 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    pathOf: (path) => path,
    principalOrgId: null,
  })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function eventOf(
  { method = 'GET', rawPath = '/', headers = {}, body, iam = 'none', port }: LambdaRequest,
  { host, stage, pathOf, principalOrgId }: Entrance,
): HttpApiEvent {
  const sent = headersOf(headers)
  const { cookie, ...kept } = sent
  const askedHost = sent['host'] ?? host
  const domainName = port === 'kept' ? askedHost : askedHost.replace(/:\d+$/, '')
  const [path = '', query = ''] = rawPath.split(/\?(.*)/s)
  const bytes = Buffer.from(body ?? '')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathOf(path),
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/[;,] */) }),
    headers: {
      accept: '*/*',
      host: domainName,
      'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(bytes.length === 0 ? {} : { 'content-length': String(bytes.length) }),
      ...kept,
    },
    ...(query === '' ? {} : { queryStringParameters: parametersOf(query) }),
    requestContext: {
      accountId: MARKED_OWNER_ACCOUNT,
      apiId: host.split('.')[0] ?? '',
      ...(iam === 'none' ? {} : { authorizer: { iam: iamCaller(principalOrgId) } }),
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method,
        path: pathOf(path),
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: sent['user-agent'] ?? '',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage,
      time: '10/Mar/2020:05:16:23 +0000',
      timeEpoch: 1_583_817_383_220,
    },
    ...bodyOf(bytes, sent),
  }
}

function headersOf(headers: NonNullable<LambdaRequest['headers']>): Record<string, string> {
  const joined = Object.entries(headers).map(
    ([name, values]) => [name.toLowerCase(), [values].flat().join(',')] as const,
  )
  return Object.fromEntries(joined)
}

function parametersOf(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query)
  return Object.fromEntries(
    [...parameters.keys()].map((name) => [name, parameters.getAll(name).join(',')]),
  )
}

/** What is text by its type goes as text; everything else is base64, a form too. */
const TEXT_TYPE = /^(?:text\/|application\/(?:json|javascript|xml)\b|[^;]+\+(?:json|xml)\b)/i

function bodyOf(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (bytes.length === 0) return { isBase64Encoded: false }
  const text = bytes.toString('utf8')
  // As text, what is not UTF-8 would be another body.
  const isText = TEXT_TYPE.test(headers['content-type'] ?? '') && Buffer.from(text).equals(bytes)
  if (isText && headers['content-encoding'] === undefined) {
    return { body: text, isBase64Encoded: false }
  }
  return { body: bytes.toString('base64'), isBase64Encoded: true }
}

function iamCaller(principalOrgId: string | null): IamCaller {
  return {
    accessKey: 'AKIAMARKEDCALLER',
    accountId: MARKED_ACCOUNT,
    callerId: MARKED_USER_ID,
    cognitoIdentity: null,
    principalOrgId,
    userArn: MARKED_CALLER,
    userId: MARKED_USER_ID,
  }
}
