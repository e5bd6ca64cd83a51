/**
 * From a settings file to the template: nothing that is set is lost on the way.
 */

import { expect, test } from 'vitest'
import { signetApp } from '../../infra/signet-app.ts'
import { resourcesOf, type Template } from '../support/aws/template.ts'
import { temporaryDirectory } from '../support/signet.ts'
import { EVERY_SETTING } from './every-setting.ts'

await using outdir = await temporaryDirectory()
const { app, stack } = signetApp(EVERY_SETTING, {
  outdir: outdir.path,
  builtinCloudFormationValidation: false,
})
const artifact = app.synth().getStackByName(stack.stackName)
const template = artifact.template as Template

function propertiesOf(type: string): unknown[] {
  return resourcesOf(template, type).map(([, { Properties }]) => Properties)
}

function containing(expected: unknown): unknown {
  return expect.arrayContaining([expect.objectContaining(expected as object)])
}

test('stack and region', () => {
  expect(artifact.stackName).toBe(EVERY_SETTING.stackName)
  expect(artifact.environment.region).toBe(EVERY_SETTING.region)
})

test('domain names, certificate, price class, web ACL, and no fallback on throttling', () => {
  const { domainNames, certificateArn, priceClass, webAclArn } = EVERY_SETTING
  const [distribution] = propertiesOf('AWS::CloudFront::Distribution')
  expect(distribution).toMatchObject({
    DistributionConfig: {
      Aliases: domainNames,
      ViewerCertificate: { AcmCertificateArn: certificateArn },
      PriceClass: priceClass,
      WebACLId: webAclArn,
    },
  })
  expect(JSON.stringify(distribution)).toContain('"StatusCodes":{"Items":[500,502,503,504]')
})

test('the zone', () => {
  const records = propertiesOf('AWS::Route53::RecordSet')
  expect(records).toHaveLength(3 * EVERY_SETTING.domainNames.length)
  expect(records).toEqual(
    records.map(() => expect.objectContaining({ HostedZoneId: EVERY_SETTING.hostedZone.id })),
  )
})

test('the address of alarms', () => {
  expect(propertiesOf('AWS::SNS::Subscription')).toEqual(
    containing({ Endpoint: EVERY_SETTING.alarmEmail }),
  )
})

test('deployment, custody and the key that wraps', () => {
  const environments = propertiesOf('AWS::Lambda::Function').map((properties) => {
    return (properties as { readonly Environment: { readonly Variables: object } }).Environment
      .Variables
  })
  for (const variables of environments) {
    expect(variables).toMatchObject({
      DEPLOYMENT: 'eu',
      PUBLIC_URL: 'https://oidc.signet.internal',
    })
    expect(variables).toHaveProperty('KMS_WRAPPING_KEY')
  }
  expect(environments).toEqual(containing({ DEFAULT_CUSTODY: EVERY_SETTING.defaultCustody }))
})

test('retention of logs and of documents, and names of buckets', () => {
  const logs = propertiesOf('AWS::Logs::LogGroup')
  expect(logs).toEqual(logs.map(() => expect.objectContaining({ RetentionInDays: 30 })))
  const buckets = propertiesOf('AWS::S3::Bucket')
  expect(buckets).toEqual(containing({ BucketName: EVERY_SETTING.bucketNames.documents }))
  expect(buckets).toEqual(containing({ BucketName: EVERY_SETTING.bucketNames.staticCopies }))
  expect(JSON.stringify(buckets)).toContain('"NoncurrentDays":11')
})

test.each(Object.entries(EVERY_SETTING.functions))('function %s', (_name, options) => {
  expect(propertiesOf('AWS::Lambda::Function')).toEqual(
    containing({
      FunctionName: options.name,
      MemorySize: options.memoryMb,
      Timeout: options.timeoutSeconds,
      ReservedConcurrentExecutions: options.concurrency,
    }),
  )
})

test.each(Object.entries(EVERY_SETTING.throttle))(
  'throttle %s',
  (_name, { ratePerSecond, burst }) => {
    const text = JSON.stringify(propertiesOf('AWS::ApiGatewayV2::Stage'))
    expect(text).toContain(`"ThrottlingRateLimit":${ratePerSecond}`)
    expect(text).toContain(`"ThrottlingBurstLimit":${burst}`)
  },
)

test('minutes between rotations', () => {
  expect(propertiesOf('AWS::Scheduler::Schedule')).toEqual(
    containing({ ScheduleExpression: `rate(${EVERY_SETTING.rotationMinutes} minutes)` }),
  )
})

const { rotationSilenceMinutes, ...thresholds } = EVERY_SETTING.alarmThresholds

test.each(Object.entries(thresholds))('alarm threshold %s', (_name, Threshold) => {
  expect(propertiesOf('AWS::CloudWatch::Alarm')).toEqual(containing({ Threshold }))
})

test('and the silence of rotations', () => {
  expect(propertiesOf('AWS::CloudWatch::Alarm')).toEqual(
    containing({ MetricName: 'RotationRuns', Period: 60 * rotationSilenceMinutes }),
  )
})

test('what CloudFormation would refuse fails the synthesis', () => {
  expect(app.node.tryGetContext('@aws-cdk/core:strictCfnValidateErrors')).toBe(true)
})
