/**
 * A distribution of its own, as its template has it.
 */

import { App, aws_s3 as s3, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import {
  IssuerDistribution,
  type IssuerDistributionProps,
} from '../../infra/issuer-host/distribution.ts'

export interface Behavior {
  readonly PathPattern?: string
  readonly TargetOriginId: string
  readonly AllowedMethods: readonly string[]
  readonly CachedMethods?: readonly string[]
  readonly CachePolicyId: unknown
  readonly OriginRequestPolicyId?: string
  readonly ResponseHeadersPolicyId?: unknown
  readonly ViewerProtocolPolicy: string
  readonly Compress: boolean
  readonly FunctionAssociations: readonly { readonly EventType: string }[]
}

export interface Origin {
  readonly Id: string
  readonly ConnectionAttempts: number
  readonly ConnectionTimeout: number
  readonly ResponseCompletionTimeout?: number
  readonly DomainName: unknown
  readonly OriginAccessControlId?: unknown
  readonly CustomOriginConfig?: {
    readonly OriginProtocolPolicy: string
    readonly OriginReadTimeout: number
    readonly OriginSSLProtocols: readonly string[]
  }
  readonly S3OriginConfig?: {
    readonly OriginAccessIdentity: string
    readonly OriginReadTimeout: number
  }
}

interface OriginGroup {
  readonly Id: string
  readonly FailoverCriteria: { readonly StatusCodes: { readonly Items: readonly number[] } }
  readonly Members: { readonly Items: readonly { readonly OriginId: string }[] }
}

export interface DistributionConfig {
  readonly Aliases: unknown
  readonly CacheBehaviors: readonly Behavior[]
  readonly DefaultCacheBehavior: Behavior
  readonly Origins: readonly Origin[]
  readonly OriginGroups: { readonly Items: readonly OriginGroup[] }
  readonly CustomErrorResponses: readonly {
    readonly ErrorCode: number
    readonly ErrorCachingMinTTL: number
  }[]
  readonly DefaultRootObject?: string
  readonly Logging?: unknown
  readonly PriceClass: string
  readonly WebACLId?: string
}

export const DISTRIBUTION_PROPS = {
  domainNames: ['oidc.signet.internal'],
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
  publicApiDomain: 'abc123.execute-api.eu-central-1.amazonaws.com',
}

export interface DistributionStack {
  readonly app: App
  readonly stack: Stack
}

export function distributionStack(
  props: (stack: Stack) => Partial<IssuerDistributionProps> = () => ({}),
): DistributionStack {
  const app = new App()
  const stack = new Stack(app, 'Test', { env: { region: 'eu-central-1', account: '111122223333' } })
  const staticCopies = new s3.Bucket(stack, 'StaticCopies') as s3.IBucket
  const all = { ...DISTRIBUTION_PROPS, staticCopies, ...props(stack) }
  const { node } = new IssuerDistribution(stack, 'Cdn', all)
  if (node.scope !== stack) throw new Error('the distribution is elsewhere')
  return { app, stack }
}

/** Properties of the resources of a type, by logical id. */
export function resourcesIn({ stack }: DistributionStack, type: string): Record<string, object> {
  const found = Object.entries(Template.fromStack(stack).findResources(type))
  return Object.fromEntries(found.map(([id, resource]) => [id, resource['Properties'] as object]))
}

/** Those of the one resource of its type. */
export function theOnly(of: DistributionStack, type: string): Record<string, unknown> {
  const [found, ...more] = Object.values(resourcesIn(of, type))
  if (found === undefined || more.length > 0) throw new Error(`not one ${type}`)
  return { ...found }
}

export function configOf(of: DistributionStack): DistributionConfig {
  return theOnly(of, 'AWS::CloudFront::Distribution')['DistributionConfig'] as DistributionConfig
}

/**
 * CloudFront reads a pattern with and without its first slash alike. Whether `*` before a slash then stands for nothing is not
 * said, so a path must come to the same either way.
 */
const READINGS: readonly ((pattern: string) => RegExp)[] = [
  globOf,
  (pattern) => globOf(pattern.startsWith('/') ? pattern : `/${pattern}`),
]

function globOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** By each reading. */
export function behaviorsFor(config: DistributionConfig, path: string): Behavior[] {
  return READINGS.map(
    (reading) =>
      config.CacheBehaviors.find(({ PathPattern = '' }) => reading(PathPattern).test(path)) ??
      config.DefaultCacheBehavior,
  )
}

export function targetOf(
  { OriginGroups }: DistributionConfig,
  { TargetOriginId }: Behavior,
): 'documents' | 'others' {
  return OriginGroups.Items.some(({ Id }) => Id === TargetOriginId) ? 'documents' : 'others'
}
