/**
 * The names of the alarms of an issuer host, without the host.
 */

import {
  App,
  aws_apigatewayv2 as apigateway,
  aws_cloudwatch as cloudwatch,
  aws_lambda as lambda,
  aws_sqs as sqs,
  Stack,
} from 'aws-cdk-lib'
import { alarmList } from '../../infra/issuer-host/alarm-list.ts'
import { alarmLimits } from '../../infra/issuer-host/alarm-thresholds.ts'

const OF_AWS = (service: string, name: string): string =>
  `arn:aws:${service}:eu-central-1:111122223333:${name}`

export function alarmNames(): string[] {
  const stack = new Stack(new App(), 'names')
  const api = (id: string) =>
    apigateway.HttpApi.fromHttpApiAttributes(stack, id, { httpApiId: `${id}-id` })
  const functionNamed = (name: string) =>
    lambda.Function.fromFunctionArn(stack, name, OF_AWS('lambda', `function:${name}`))
  const sources = {
    functions: {
      http: functionNamed('http'),
      control: functionNamed('control'),
      rotate: functionNamed('rotate'),
    },
    publicApi: api('public'),
    controlApi: api('operators'),
    deadLetters: sqs.Queue.fromQueueArn(stack, 'dead', OF_AWS('sqs', 'dead')),
    logged: (metricName: string) => new cloudwatch.Metric({ namespace: 'Signet', metricName }),
  }
  return Object.keys(alarmList(sources, alarmLimits({})))
}
