/**
 * Names for the resources of a template, as if CloudFormation had made them: marked, so that a leak of one is found, and
 * where the fakes are.
 */

import { createHash } from 'node:crypto'
import { FAKE_ACCOUNT, FAKE_REGION } from './kms-fake-answers.ts'
import type { PhysicalNames, Template, TemplateResource } from './template.ts'

export interface ChosenNames {
  /** By logical id. */
  readonly buckets: Readonly<Record<string, string>>
  /** ARN by logical id; missing while the key is not made. */
  readonly keys: Map<string, string>
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': FAKE_REGION,
  'AWS::AccountId': FAKE_ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'marked-stack',
  'AWS::StackId': `arn:aws:cloudformation:${FAKE_REGION}:${FAKE_ACCOUNT}:stack/marked-stack/1`,
}

export function namesFor(template: Template, { buckets, keys }: ChosenNames): PhysicalNames {
  const ref = (id: string): string | undefined => {
    const resource = template.Resources[id]
    if (resource === undefined) return PSEUDO[id]
    if (resource.Type === 'AWS::S3::Bucket') return buckets[id]
    if (resource.Type === 'AWS::KMS::Key') return keys.get(id)?.split('/')[1]
    return refOf(id, resource)
  }
  return {
    ref,
    attribute: (id, name) => {
      const resource = template.Resources[id]
      if (resource === undefined) return undefined
      if (resource.Type === 'AWS::KMS::Key') return name === 'Arn' ? keys.get(id) : undefined
      return attributeOf(resource, { name, ref: ref(id) ?? '' })
    },
  }
}

function refOf(id: string, { Type, Properties = {} }: TemplateResource): string {
  const hash = createHash('sha256').update(id).digest('hex')
  switch (Type) {
    case 'AWS::ApiGatewayV2::Api':
      return hash.slice(0, 10)
    case 'AWS::CloudFront::Distribution':
      return `E${hash.slice(0, 13).toUpperCase()}`
    case 'AWS::Lambda::Function':
      return ((Properties['FunctionName'] as string | undefined) ?? `marked-${id}`).slice(0, 64)
    case 'AWS::SQS::Queue':
      return `https://sqs.${FAKE_REGION}.amazonaws.com/${FAKE_ACCOUNT}/marked-${id}`
    default:
      return `marked-${id}`
  }
}

/** What an ARN has before its name, by type. */
const ARN_STARTS: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'arn:aws:s3:::',
  'AWS::IAM::Role': `arn:aws:iam::${FAKE_ACCOUNT}:role/`,
  'AWS::Lambda::Function': `arn:aws:lambda:${FAKE_REGION}:${FAKE_ACCOUNT}:function:`,
  'AWS::Logs::LogGroup': `arn:aws:logs:${FAKE_REGION}:${FAKE_ACCOUNT}:log-group:`,
  'AWS::Scheduler::ScheduleGroup': `arn:aws:scheduler:${FAKE_REGION}:${FAKE_ACCOUNT}:schedule-group/`,
  'AWS::CloudFront::Function': `arn:aws:cloudfront::${FAKE_ACCOUNT}:function/`,
  'AWS::CloudFront::Distribution': `arn:aws:cloudfront::${FAKE_ACCOUNT}:distribution/`,
}

function attributeOf(
  { Type }: TemplateResource,
  { name, ref }: { readonly name: string; readonly ref: string },
): string | undefined {
  if (name === 'Arn' || name === 'FunctionARN') {
    if (Type === 'AWS::SQS::Queue') {
      return `arn:aws:sqs:${FAKE_REGION}:${FAKE_ACCOUNT}:${ref.split('/').at(-1)}`
    }
    const start = ARN_STARTS[Type]
    return start === undefined ? undefined : `${start}${ref}`
  }
  switch (`${Type} ${name}`) {
    case 'AWS::S3::Bucket RegionalDomainName':
      return `${ref}.s3.${FAKE_REGION}.amazonaws.com`
    case 'AWS::ApiGatewayV2::Api ApiEndpoint':
      return `https://${ref}.execute-api.${FAKE_REGION}.amazonaws.com`
    case 'AWS::CloudFront::Distribution DomainName':
      return 'd111111abcdef8.cloudfront.net'
    case 'AWS::SQS::Queue QueueName':
      return ref.split('/').at(-1)
    default:
      return name === 'Id' ? ref : undefined
  }
}
