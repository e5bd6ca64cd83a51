import { App, aws_lambda as lambda, aws_s3 as s3, CfnParameter, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { SignetIssuerHost } from '../../infra/issuer-host/issuer-host.ts'

describe('a host of which the CDK knows only that somebody will say', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Release')
  const names = new CfnParameter(stack, 'DomainNames', { type: 'CommaDelimitedList' })
  const text = (id: string) => new CfnParameter(stack, id).valueAsString
  const bucket = s3.Bucket.fromBucketName(stack, 'Code', 'code-of-signet')
  const code = (name: string) => lambda.Code.fromBucket(bucket, `${name}.zip`)
  const host = new SignetIssuerHost(stack, 'Host', {
    domainNames: names.valueAsList,
    certificateArn: text('CertificateArn'),
    deployment: text('Deployment'),
    bundles: { http: code('http'), control: code('control'), rotate: code('rotate') },
  })
  const released = Template.fromStack(stack)

  test('has its URL from the first of the names, and serves all of them', () => {
    const url = { 'Fn::Join': ['', ['https://', { 'Fn::Select': [0, { Ref: 'DomainNames' }] }]] }
    const functions = Object.values(released.findResources('AWS::Lambda::Function'))
    expect(functions).toHaveLength(3)
    for (const { Properties } of functions) {
      expect(Properties.Environment.Variables).toMatchObject({
        PUBLIC_URL: url,
        DEPLOYMENT: { Ref: 'Deployment' },
      })
      expect(Properties.Code.S3Bucket).toBe('code-of-signet')
    }
    expect(stack.resolve(host.publicUrl)).toEqual(url)
    released.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Aliases: { Ref: 'DomainNames' } },
    })
  })

  test('has no parameter but these and the one of bootstrapped accounts', () => {
    expect(Object.keys(released.toJSON()['Parameters']).toSorted()).toEqual([
      'BootstrapVersion',
      'CertificateArn',
      'Deployment',
      'DomainNames',
    ])
  })
})
