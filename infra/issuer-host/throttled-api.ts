/**
 * An HTTP API of one function, with a limit for each of its routes.
 *
 * A route without one would have the whole account's, which other routes and other people's APIs need.
 */

import { Aws, aws_apigatewayv2 as apigateway, aws_lambda as lambda } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { RouteThrottle } from './issuer-host-props.ts'

export interface ThrottledRoute {
  readonly id: string
  /** Method and path, or `$default`. */
  readonly key: string
  readonly throttle: RouteThrottle
}

export interface ThrottledApiProps {
  readonly name: string
  readonly description: string
  readonly handler: lambda.IFunction
  readonly routes: readonly ThrottledRoute[]
  /** Of routes that others add. */
  readonly otherwise: RouteThrottle
  /** Who is let in: everyone, or whom IAM allows it. */
  readonly authorization: 'NONE' | 'AWS_IAM'
  /** Default: no log. */
  readonly accessLog?: apigateway.CfnStage.AccessLogSettingsProperty
}

export class ThrottledApi extends Construct {
  readonly api: apigateway.IHttpApi

  constructor(scope: Construct, id: string, props: ThrottledApiProps) {
    super(scope, id)
    const { name: apiName, description, routes, authorization } = props
    const api = new apigateway.HttpApi(this, 'Api', {
      apiName,
      description,
      createDefaultStage: false,
    })
    // The class has as undefined what its interface leaves out.
    this.api = api as apigateway.IHttpApi
    const target = `integrations/${this.integration(props.handler)}`
    const made = routes.map(
      ({ id: routeId, key: routeKey }) =>
        new apigateway.CfnRoute(this, routeId, {
          apiId: api.apiId,
          routeKey,
          authorizationType: authorization,
          target,
        }),
    )
    // A stage has no settings for a route that is not there yet.
    this.stage(props).node.addDependency(...made)
  }

  /** Its id. */
  private integration(handler: lambda.IFunction): string {
    const { apiId } = this.api
    new lambda.CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'apigateway.amazonaws.com',
      // Stage and route: that of `$default` has no path behind its method, as others have.
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${apiId}/*/*`,
    })
    return new apigateway.CfnIntegration(this, 'Integration', {
      apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: handler.functionArn,
      payloadFormatVersion: '2.0',
    }).ref
  }

  private stage({ otherwise, routes, accessLog }: ThrottledApiProps): apigateway.CfnStage {
    return new apigateway.CfnStage(this, 'Stage', {
      apiId: this.api.apiId,
      stageName: '$default',
      autoDeploy: true,
      defaultRouteSettings: {
        throttlingRateLimit: otherwise.ratePerSecond,
        throttlingBurstLimit: otherwise.burst,
      },
      routeSettings: routeSettings(routes),
      ...(accessLog !== undefined && { accessLogSettings: accessLog }),
    })
  }
}

/** Handed on to CloudFormation as it is, so in its spelling. */
function routeSettings(routes: readonly ThrottledRoute[]): object {
  return Object.fromEntries(
    routes.map(({ key, throttle: { ratePerSecond, burst } }) => [
      key,
      { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst },
    ]),
  )
}
