/**
 * The HTTP API of the function `http`, which the CDN asks.
 *
 * Tokens and documents are told apart by their methods and have limits of their own: a flood of the ones never starves the
 * others. Whoever knows its address may ask it without the CDN, for what is public anyway.
 */

import { type aws_apigatewayv2 as apigateway, type aws_lambda as lambda, Fn } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { THROTTLE_DEFAULTS, type Throttles } from './issuer-host-props.ts'
import { ThrottledApi, type ThrottledRoute } from './throttled-api.ts'

export interface PublicApiProps {
  readonly deployment: string
  readonly http: lambda.IFunction
  readonly throttle?: Throttles | undefined
}

export class PublicApi extends Construct {
  readonly api: apigateway.IHttpApi
  /** Without its scheme. */
  readonly domainName: string

  constructor(scope: Construct, id: string, { deployment, http, throttle }: PublicApiProps) {
    super(scope, id)
    const others = throttle?.others ?? THROTTLE_DEFAULTS.others
    const { api } = new ThrottledApi(this, 'Throttled', {
      name: `${deployment}-public`,
      description: 'Signet: public documents and token exchange, behind CloudFront',
      handler: http,
      authorization: 'NONE',
      routes: publicRoutes(throttle),
      otherwise: others,
    })
    this.api = api
    this.domainName = Fn.select(1, Fn.split('://', api.apiEndpoint))
  }
}

function publicRoutes(throttle: Throttles = {}): ThrottledRoute[] {
  const {
    tokens = THROTTLE_DEFAULTS.tokens,
    documents = THROTTLE_DEFAULTS.documents,
    others = THROTTLE_DEFAULTS.others,
  } = throttle
  // Every path that the CDN asks for begins with the name of a host, so none is shorter.
  return [
    { id: 'Post', key: 'POST /{proxy+}', throttle: tokens },
    { id: 'Get', key: 'GET /{proxy+}', throttle: documents },
    { id: 'Head', key: 'HEAD /{proxy+}', throttle: documents },
    { id: 'Options', key: 'OPTIONS /{proxy+}', throttle: documents },
    // The function answers other methods, so that they are answered alike on every host.
    { id: 'Other', key: '$default', throttle: others },
  ]
}
