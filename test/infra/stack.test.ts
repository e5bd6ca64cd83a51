/**
 * The stack of a deployment as a whole: what outlives it, what it tells, where its alarms go.
 */

import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { signetApp } from '../../infra/signet-app.ts'
import { resourcesOf } from '../support/aws/template.ts'
import { at, readable, readableOne } from './readable.ts'
import { synthesized, TEST_SETTINGS } from '../support/synthesized.ts'

const { template } = await synthesized()

const SETTINGS = {
  ...TEST_SETTINGS,
  domainNames: [...TEST_SETTINGS.domainNames] as [string],
  stackName: 'signet',
  region: 'eu-central-1',
}

/** What CloudFormation has against a template is looked at by `npm run check:infra`, which takes its time. */
const UNCHECKED = { builtinCloudFormationValidation: false }

describe('what outlives the stack', () => {
  /** Changed, each of these is made anew: documents are lost, and a role that is made anew cannot use any key made before. */
  const KEPT = {
    HostControlApiAccessLog9F9BC925: 'AWS::Logs::LogGroup',
    HostDocumentsBucket53E5BA24: 'AWS::S3::Bucket',
    HostDocumentsBucketPolicy0C428C58: 'AWS::S3::BucketPolicy',
    HostFunctionsControlLogFC0B1171: 'AWS::Logs::LogGroup',
    HostFunctionsHttpLog731EACA0: 'AWS::Logs::LogGroup',
    HostFunctionsRotateLogADFA667E: 'AWS::Logs::LogGroup',
    HostRolesControlA5692DE9: 'AWS::IAM::Role',
    HostRolesHttpA506B588: 'AWS::IAM::Role',
    HostRolesRotate5E10DA1E: 'AWS::IAM::Role',
    HostStaticCopiesBucketF4C174FC: 'AWS::S3::Bucket',
    HostWrappingKeyF2D98190: 'AWS::KMS::Key',
  }

  test('is all that holds state, under names that never change', () => {
    const kept = Object.entries(template.Resources).filter(
      ([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain') === true,
    )
    expect(Object.fromEntries(kept.map(([id, { Type }]) => [id, Type]))).toEqual(KEPT)
  })

  test('but for a first deployment that fails, which leaves nothing', () => {
    const kept = Object.keys(KEPT).map((id) => template.Resources[id])
    expect(kept).toEqual(
      kept.map(() =>
        expect.objectContaining({
          DeletionPolicy: 'RetainExceptOnCreate',
          UpdateReplacePolicy: 'Retain',
        }),
      ),
    )
  })

  test.each(['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'])('is every %s', (type) => {
    const found = resourcesOf(template, type)
    const policies = found.map(([, { DeletionPolicy }]) => DeletionPolicy)
    expect(policies).toEqual(found.map(() => 'RetainExceptOnCreate'))
  })

  test('logs among it, whose records are kept for a year', () => {
    const groups = readable(template, 'AWS::Logs::LogGroup')
    expect(groups.map(({ properties }) => properties['RetentionInDays'])).toEqual([
      365, 365, 365, 365,
    ])
  })

  test('names of what people and other accounts depend on do not change either', () => {
    const ids = [
      'AWS::ApiGatewayV2::Api',
      'AWS::CloudFront::Distribution',
      'AWS::Lambda::Function',
      'AWS::SQS::Queue',
      'AWS::SNS::Topic',
    ].flatMap((type) =>
      Object.entries(template.Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : [])),
    )
    expect(ids.toSorted()).toEqual([
      'Alarms04B5A0BF',
      'HostCdnDistributionB8934D93',
      'HostControlApiThrottledApi2C88A992',
      'HostDeadLetters546909B1',
      'HostFunctionsControl344AC3C9',
      'HostFunctionsHttp235A230C',
      'HostFunctionsRotateAD38563F',
      'HostPublicApiThrottledApi332CC586',
    ])
  })

  test('and the stack is not deleted by mistake', () => {
    const { stack } = signetApp(SETTINGS, UNCHECKED)
    expect(stack.terminationProtection).toBe(true)
    expect(stack.region).toBe('eu-central-1')
  })
})

describe('the template', () => {
  test('has resources in an order that can be made', () => {
    // Throws where resources wait for each other.
    expect(() => Template.fromJSON(structuredClone(template) as never)).not.toThrow()
  })

  test('has functions wait for what they may do', () => {
    for (const name of ['Http', 'Control', 'Rotate']) {
      const [, resource] =
        Object.entries(template.Resources).find(([id]) =>
          new RegExp(`^HostFunctions${name}[0-9A-F]{8}$`).test(id),
        ) ?? []
      const { DependsOn } = resource as { readonly DependsOn?: readonly string[] }
      expect(DependsOn?.join()).toMatch(new RegExp(`HostPermissions${name}[0-9A-F]{8}`))
    }
  })

  test('has no secret, no account, and no code of its own that runs while it is deployed', () => {
    const text = JSON.stringify(template)
    expect(text.match(/_SECRET|PASSWORD|PRIVATE KEY|AKIA[0-9A-Z]{12}|CONTROL_TRUST/g)).toBeNull()
    expect(text.match(/Custom::|AWS::CDK::Metadata/g)).toBeNull()
    // That of the certificate is the operator's own word, and hashes have letters.
    const others = text.replaceAll(TEST_SETTINGS.certificateArn, '')
    expect(others.match(/(?<![0-9a-z])\d{12}(?![0-9a-z])/g)).toBeNull()
  })

  test('looks nothing up', () => {
    const { app } = signetApp(SETTINGS, UNCHECKED)
    expect(app.synth().manifest.missing ?? []).toEqual([])
  })

  test('tells where things are, without naming the account', () => {
    const outputs = Object.entries(template.Outputs ?? {})
    expect(outputs.map(([name]) => name).toSorted()).toEqual([
      'AlarmTopic',
      'ControlUrl',
      'DistributionDomain',
      'DistributionId',
      'DocumentsBucket',
      'PublicUrl',
      'RotateFunction',
      'RotateLog',
      'StaticCopiesBucket',
    ])
    expect(JSON.stringify(outputs)).not.toMatch(/AccountId|"Arn"|Ref":"Alarms/)
    expect(template.Outputs?.['PublicUrl']?.Value).toBe('https://oidc.signet.internal')
  })
})

describe('alarms', () => {
  test('go to a topic that takes those of the account alone, and by e-mail to whom one says', async () => {
    const { template: set } = await synthesized({
      ...TEST_SETTINGS,
      alarmEmail: 'operations@signet.internal',
    })
    expect(readable(template, 'AWS::SNS::Subscription')).toEqual([])
    expect(readable(set, 'AWS::SNS::Subscription')).toMatchObject([
      { properties: { Protocol: 'email', Endpoint: 'operations@signet.internal' } },
    ])
    const policy = readableOne(template, 'AWS::SNS::TopicPolicy', 'AlarmsPolicy')
    const statements = at(policy, 'PolicyDocument', 'Statement')
    expect(statements).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ])
    expect(statements).toHaveLength(2)
    expect(readableOne(template, 'AWS::SNS::Topic', 'Alarms')).not.toHaveProperty('KmsMasterKeyId')
    const actions = readable(template, 'AWS::CloudWatch::Alarm').map(
      ({ properties }) => properties['AlarmActions'],
    )
    expect(actions.length).toBeGreaterThan(5)
    expect(new Set(actions.flat())).toEqual(new Set(['Alarms']))
  })
})

describe('a zone', () => {
  test('gets the records of its names', async () => {
    const { template: set } = await synthesized({
      ...TEST_SETTINGS,
      hostedZone: { id: 'Z0123456789ABC', name: 'signet.internal' },
    })
    const records = resourcesOf(set, 'AWS::Route53::RecordSet').map(([, record]) => record)
    expect(records.length).toBeGreaterThan(1)
    for (const { Properties } of records) {
      expect(Properties).toMatchObject({
        HostedZoneId: 'Z0123456789ABC',
        Name: 'oidc.signet.internal.',
      })
    }
    expect(readable(template, 'AWS::Route53::RecordSet')).toEqual([])
  })
})
