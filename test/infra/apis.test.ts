/**
 * The two HTTP APIs and the schedules: who may have which function run, and how often.
 */

import { describe, expect, test } from 'vitest'
import { jobOfEvent } from '../../src/adapters/lambda/job-event.ts'
import { at, readable, readableOne } from './readable.ts'
import { synthesized, TEST_SETTINGS } from '../support/synthesized.ts'

const { template } = await synthesized()

/** Route, authorizer, requests a second, at once. */
type Row = readonly [string, string, number, number]

function routesOf(api: string, of = template): Row[] {
  const stage = readable(of, 'AWS::ApiGatewayV2::Stage').find(
    ({ properties }) => properties['ApiId'] === api,
  )
  const settings = at(stage, 'properties', 'RouteSettings')
  const routes = readable(of, 'AWS::ApiGatewayV2::Route')
    .map(({ properties }) => properties)
    .filter((route) => route['ApiId'] === api)
  expect(Object.keys(settings as object)).toHaveLength(routes.length)
  return routes
    .map((route): Row => {
      const key = String(route['RouteKey'])
      const limit = (name: string) => at(settings, key, name) as number
      const authorization = String(route['AuthorizationType'])
      return [key, authorization, limit('ThrottlingRateLimit'), limit('ThrottlingBurstLimit')]
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const PUBLIC = 'HostPublicApiThrottledApi'
const CONTROL = 'HostControlApiThrottledApi'

test('there are two APIs', () => {
  const apis = readable(template, 'AWS::ApiGatewayV2::Api')
  expect(
    apis.map(({ id, properties }) => [id, properties['Name'], properties['ProtocolType']]),
  ).toEqual([
    [CONTROL, 'signet-control', 'HTTP'],
    [PUBLIC, 'signet-public', 'HTTP'],
  ])
})

describe('routes and their limits', () => {
  test('of the public API: tokens, documents and the rest, each with its own', () => {
    expect(routesOf(PUBLIC)).toEqual([
      ['$default', 'NONE', 50, 100],
      ['GET /{proxy+}', 'NONE', 1000, 2000],
      ['HEAD /{proxy+}', 'NONE', 1000, 2000],
      ['OPTIONS /{proxy+}', 'NONE', 1000, 2000],
      ['POST /{proxy+}', 'NONE', 500, 1000],
    ])
  })

  test('of the control API: for whom IAM lets in, and no other path', () => {
    expect(routesOf(CONTROL)).toEqual([
      ['ANY /control', 'AWS_IAM', 20, 40],
      ['ANY /control/{proxy+}', 'AWS_IAM', 20, 40],
    ])
  })

  test('are what they are set to', async () => {
    const { template: set } = await synthesized({
      ...TEST_SETTINGS,
      throttle: {
        tokens: { ratePerSecond: 1, burst: 2 },
        documents: { ratePerSecond: 3, burst: 4 },
        others: { ratePerSecond: 5, burst: 6 },
        control: { ratePerSecond: 7, burst: 8 },
      },
      rotationMinutes: 1,
    })
    expect(routesOf(PUBLIC, set).map(([key, , ...limit]) => [key, ...limit])).toEqual([
      ['$default', 5, 6],
      ['GET /{proxy+}', 3, 4],
      ['HEAD /{proxy+}', 3, 4],
      ['OPTIONS /{proxy+}', 3, 4],
      ['POST /{proxy+}', 1, 2],
    ])
    expect(routesOf(CONTROL, set).map(([, , ...limit]) => limit)).toEqual([
      [7, 8],
      [7, 8],
    ])
    const rotate = readableOne(set, 'AWS::Scheduler::Schedule', 'HostSchedulesRotate')
    expect(rotate['ScheduleExpression']).toBe('rate(1 minute)')
    expect(at(rotate, 'Target', 'RetryPolicy', 'MaximumEventAgeInSeconds')).toBe(60)
  })
})

test('a stage is deployed by itself once its routes are there, and bounds routes of others', () => {
  const limits = readable(template, 'AWS::ApiGatewayV2::Stage').map(({ properties }) => [
    properties['StageName'],
    properties['AutoDeploy'],
    properties['DefaultRouteSettings'],
  ])
  expect(limits).toEqual([
    ['$default', true, { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 }],
    ['$default', true, { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }],
  ])
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type !== 'AWS::ApiGatewayV2::Stage') continue
    const [prefix = ''] = id.split('Stage')
    const routes = Object.entries(template.Resources).filter(
      ([other, { Type }]) => Type === 'AWS::ApiGatewayV2::Route' && other.startsWith(prefix),
    )
    const { DependsOn } = resource as { readonly DependsOn?: readonly string[] }
    expect(DependsOn).toEqual(expect.arrayContaining(routes.map(([route]) => route)))
  }
})

test('each API has its own function, in the format that this reads, and no other invokes it', () => {
  const integrations = readable(template, 'AWS::ApiGatewayV2::Integration')
  expect(integrations.map(({ properties }) => properties)).toEqual([
    {
      ApiId: CONTROL,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'HostFunctionsControl.Arn',
      PayloadFormatVersion: '2.0',
    },
    {
      ApiId: PUBLIC,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'HostFunctionsHttp.Arn',
      PayloadFormatVersion: '2.0',
    },
  ])
  const permissions = readable(template, 'AWS::Lambda::Permission')
  expect(permissions.map(({ properties }) => properties)).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: 'HostFunctionsControl.Arn',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:eu-central-1:111122223333:${CONTROL}/*/*`,
    },
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: 'HostFunctionsHttp.Arn',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:eu-central-1:111122223333:${PUBLIC}/*/*`,
    },
  ])
  expect(readable(template, 'AWS::Lambda::Url')).toEqual([])
})

test('the control API alone has an access log, with the caller and nothing that names an account', () => {
  const logged = readable(template, 'AWS::ApiGatewayV2::Stage').filter(
    ({ properties }) => 'AccessLogSettings' in properties,
  )
  expect(logged.map(({ properties }) => properties['ApiId'])).toEqual([CONTROL])
  const settings = at(logged, 0, 'properties', 'AccessLogSettings')
  expect(at(settings, 'DestinationArn')).toBe('HostControlApiAccessLog.Arn')
  const fields = JSON.parse(String(at(settings, 'Format'))) as Record<string, string>
  expect(fields).toMatchObject({
    caller: '$context.identity.caller',
    route: '$context.routeKey',
    status: '$context.status',
  })
  expect(Object.values(fields).join()).not.toMatch(/arn|account|path/i)
})

test('the CDN asks the public API, and no part of it knows the control API', () => {
  const cdn = readableOne(template, 'AWS::CloudFront::Distribution', 'HostCdnDistribution')
  const origins = at(cdn, 'DistributionConfig', 'Origins') as object[]
  expect(new Set(origins.map((origin) => at(origin, 'DomainName')))).toEqual(
    new Set([`${PUBLIC}.ApiEndpoint`, 'HostStaticCopiesBucket.RegionalDomainName']),
  )
})

describe('schedules', () => {
  test.each([
    ['rotate', 'Rotate', 'rate(15 minutes)', 900],
    ['sweep', 'Sweep', 'cron(20 3 * * ? *)', 21_600],
  ])('%s: handed over again where that fails, and then left in the queue', (...row) => {
    const [job, id, expression, eventAge] = row
    const schedule = readableOne(template, 'AWS::Scheduler::Schedule', `HostSchedules${id}`)
    expect(schedule).toMatchObject({
      GroupName: 'HostSchedulesGroup',
      ScheduleExpression: expression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'HostFunctionsRotate.Arn',
        RoleArn: 'HostSchedulesRole.Arn',
        DeadLetterConfig: { Arn: 'HostDeadLetters.Arn' },
        RetryPolicy: { MaximumEventAgeInSeconds: eventAge, MaximumRetryAttempts: 5 },
      },
    })
    expect(jobOfEvent(JSON.parse(String(at(schedule, 'Target', 'Input'))))).toBe(job)
    expect(schedule).not.toHaveProperty('State')
  })

  test('are two', () => {
    expect(readable(template, 'AWS::Scheduler::Schedule')).toHaveLength(2)
    expect(readable(template, 'AWS::Events::Rule')).toEqual([])
  })

  test('runs that fail are tried twice more, and then left in the queue', () => {
    expect(readable(template, 'AWS::Lambda::EventInvokeConfig')).toEqual([
      {
        id: 'HostSchedulesFailedRuns',
        properties: {
          FunctionName: 'HostFunctionsRotate',
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 21_600,
          DestinationConfig: { OnFailure: { Destination: 'HostDeadLetters.Arn' } },
        },
      },
    ])
  })

  test('the queue is encrypted, takes TLS alone and keeps what it has for four days', () => {
    expect(readableOne(template, 'AWS::SQS::Queue', 'HostDeadLetters')).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 4 * 86_400,
    })
    const policy = readableOne(template, 'AWS::SQS::QueuePolicy', 'HostDeadLettersPolicy')
    expect(at(policy, 'PolicyDocument', 'Statement')).toEqual([
      {
        Action: 'sqs:*',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Resource: 'HostDeadLetters.Arn',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ])
  })
})
