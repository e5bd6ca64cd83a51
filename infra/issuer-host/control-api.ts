/**
 * The HTTP API of the function `control`, for callers whom IAM allows `execute-api:Invoke` on it. The CDN does not reach it.
 *
 * IAM says yes to a caller of the same account whose own policy does. What it let in is logged with the caller's id, since
 * the function is not told who it was and CloudTrail does not record it.
 */

import {
  type aws_apigatewayv2 as apigateway,
  type aws_lambda as lambda,
  type aws_logs as logs,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { THROTTLE_DEFAULTS, type Throttles } from './issuer-host-props.ts'
import { keptLog } from './kept-log.ts'
import { ThrottledApi } from './throttled-api.ts'

export interface ControlApiProps {
  readonly deployment: string
  readonly control: lambda.IFunction
  readonly throttle?: Throttles | undefined
  readonly logRetention?: logs.RetentionDays | undefined
}

export class ControlApi extends Construct {
  readonly api: apigateway.IHttpApi
  /** Who called, and what for. */
  readonly accessLog: logs.LogGroup

  constructor(scope: Construct, id: string, props: ControlApiProps) {
    super(scope, id)
    const limit = props.throttle?.control ?? THROTTLE_DEFAULTS.control
    this.accessLog = keptLog(this, 'AccessLog', props.logRetention)
    const { api } = new ThrottledApi(this, 'Throttled', {
      name: `${props.deployment}-control`,
      description: 'Signet: control API, for callers whom IAM allows it',
      handler: props.control,
      authorization: 'AWS_IAM',
      routes: [
        { id: 'Root', key: 'ANY /control', throttle: limit },
        { id: 'Below', key: 'ANY /control/{proxy+}', throttle: limit },
      ],
      otherwise: limit,
      accessLog: { destinationArn: this.accessLog.logGroupArn, format: ACCESS_LOG_FORMAT },
    })
    this.api = api
  }
}

/**
 * The caller's id, with the session's name behind it: `AROA…:name`. Neither ARN nor account, and no path: that has what is
 * asked for in it, which the function's own records have.
 */
const ACCESS_LOG_FORMAT = JSON.stringify({
  time: '$context.requestTime',
  requestId: '$context.requestId',
  caller: '$context.identity.caller',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  integrationStatus: '$context.integrationStatus',
})
