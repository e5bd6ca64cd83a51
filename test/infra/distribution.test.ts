import { aws_cloudfront as cloudfront, aws_s3 as s3, CfnParameter } from 'aws-cdk-lib'
import { describe, expect, test } from 'vitest'
import { VIEWER_REQUEST_CODE } from '../../infra/issuer-host/viewer-request.ts'
import { STALE_IF_ERROR_SECONDS } from '../../src/limits.ts'
import {
  configOf,
  DISTRIBUTION_PROPS,
  distributionStack,
  type Origin,
  resourcesIn,
  targetOf,
  theOnly,
} from './distribution-stack.ts'

const made = distributionStack()
const config = configOf(made)

function propertiesOf(type: string): Record<string, unknown> {
  return theOnly(made, type)
}

function originOf(id: string): Origin {
  const origin = config.Origins.find(({ Id }) => Id === id)
  if (origin === undefined) throw new Error(`no origin ${id}`)
  return origin
}

describe('behaviors', () => {
  const all = [...config.CacheBehaviors, config.DefaultCacheBehavior]
  const documents = all.filter((behavior) => targetOf(config, behavior) === 'documents')
  const others = all.filter((behavior) => targetOf(config, behavior) === 'others')

  test('an origin group takes GET, HEAD and OPTIONS alone', () => {
    expect(documents).toHaveLength(6)
    for (const { AllowedMethods, CachedMethods } of documents) {
      expect(AllowedMethods).toStrictEqual(['GET', 'HEAD', 'OPTIONS'])
      expect(CachedMethods).toStrictEqual(['GET', 'HEAD', 'OPTIONS'])
    }
  })

  test('what is asked for with other methods is kept nowhere, and comes whole but for its host', () => {
    expect(others).toHaveLength(3)
    for (const behavior of others) {
      expect(behavior).toMatchObject({
        TargetOriginId: 'tokens',
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        // CachingDisabled, and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      })
    }
  })

  test('all are HTTPS without a redirect, uncompressed, and rewritten before the cache', () => {
    for (const behavior of all) {
      expect(behavior).toMatchObject({ ViewerProtocolPolicy: 'https-only', Compress: false })
      expect(behavior.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }])
    }
    expect(propertiesOf('AWS::CloudFront::Function')).toMatchObject({
      AutoPublish: true,
      FunctionCode: VIEWER_REQUEST_CODE,
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    })
  })

  test('documents are kept by their path alone, and no longer than stale ones may be served', () => {
    const policy = propertiesOf('AWS::CloudFront::CachePolicy')['CachePolicyConfig']
    expect(policy).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
        EnableAcceptEncodingGzip: false,
        EnableAcceptEncodingBrotli: false,
      },
    })
    // CloudFront serves nothing stale once its MaxTTL is over.
    expect(policy).toMatchObject({ MaxTTL: 60 + STALE_IF_ERROR_SECONDS })
  })

  test('no query string, cookie or header of a viewer reaches the origins of documents', () => {
    for (const { OriginRequestPolicyId } of documents) expect(OriginRequestPolicyId).toBeUndefined()
  })

  test('a copy has the headers of a document, and a document keeps its own', () => {
    const policy = propertiesOf('AWS::CloudFront::ResponseHeadersPolicy')
    expect(policy['ResponseHeadersPolicyConfig']).toMatchObject({
      CorsConfig: {
        AccessControlAllowOrigins: { Items: ['*'] },
        AccessControlAllowMethods: { Items: ['GET', 'HEAD', 'OPTIONS'] },
        AccessControlExposeHeaders: { Items: ['ETag', 'Signet-Ring-Version'] },
        AccessControlAllowCredentials: false,
        OriginOverride: false,
      },
      SecurityHeadersConfig: { ContentTypeOptions: { Override: false } },
    })
    const having = all.filter(
      ({ ResponseHeadersPolicyId }) => ResponseHeadersPolicyId !== undefined,
    )
    expect(having).toStrictEqual(documents)
  })
})

describe('origins of documents', () => {
  const [group] = config.OriginGroups.Items
  const ids = group?.Members.Items.map(({ OriginId }) => OriginId)

  test('are the function and then its copies, never for what is denied or not there', () => {
    expect(config.OriginGroups.Items).toHaveLength(1)
    expect(ids).toStrictEqual(['documents', 'static-copies'])
    expect(group?.FailoverCriteria.StatusCodes.Items).toStrictEqual([429, 500, 502, 503, 504])
  })

  test('are not the copies where API Gateway throttles, for a CloudFront that does not take that', () => {
    const told = configOf(distributionStack(() => ({ fallbackOnThrottling: false })))
    const [{ FailoverCriteria } = {}] = told.OriginGroups.Items
    expect(FailoverCriteria?.StatusCodes.Items).toStrictEqual([500, 502, 503, 504])
  })

  test('come within the five seconds of STS together, with one attempt each', () => {
    const origins = ['documents', 'static-copies'].map(originOf)
    const seconds = origins.map(({ ConnectionTimeout, ResponseCompletionTimeout }) => [
      ConnectionTimeout,
      ResponseCompletionTimeout ?? Number.POSITIVE_INFINITY,
    ])
    expect(seconds).toStrictEqual([
      [1, 2],
      [1, 1],
    ])
    expect(seconds.flat().reduce((sum, each) => sum + each)).toBeLessThanOrEqual(5)
    for (const origin of origins) {
      const { OriginReadTimeout } = origin.CustomOriginConfig ?? origin.S3OriginConfig ?? {}
      expect(origin.ConnectionAttempts).toBe(1)
      // CloudFront takes no less.
      expect(origin.ResponseCompletionTimeout).toBe(OriginReadTimeout)
    }
  })

  test('the function is reached by TLS 1.2 and HTTPS alone', () => {
    for (const id of ['documents', 'tokens']) {
      expect(originOf(id)).toMatchObject({
        DomainName: DISTRIBUTION_PROPS.publicApiDomain,
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      })
    }
  })

  test('the origin of tokens has the time that a token may take', () => {
    expect(originOf('tokens').CustomOriginConfig?.OriginReadTimeout).toBe(30)
    expect(originOf('tokens').ConnectionTimeout).toBeGreaterThan(1)
  })

  test('the copies are read with signed requests by this distribution alone', () => {
    expect(originOf('static-copies').S3OriginConfig?.OriginAccessIdentity).toBe('')
    expect(originOf('static-copies').OriginAccessControlId).toBeDefined()
    expect(propertiesOf('AWS::CloudFront::OriginAccessControl')).toMatchObject({
      OriginAccessControlConfig: {
        OriginAccessControlOriginType: 's3',
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      },
    })
    const [id] = Object.keys(resourcesIn(made, 'AWS::CloudFront::Distribution'))
    const statements = expect.objectContaining({
      Statement: [
        expect.objectContaining({
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:ListBucket'],
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Condition: {
            StringEquals: {
              'AWS:SourceArn': {
                'Fn::Join': ['', expect.arrayContaining([':distribution/', { Ref: id }])],
              },
            },
          },
        }),
      ],
    })
    expect(propertiesOf('AWS::S3::BucketPolicy')['PolicyDocument']).toStrictEqual(statements)
  })
})

describe('the distribution', () => {
  test('is made without a warning', () => {
    const { app } = distributionStack()
    expect(app.synth().stacks.flatMap(({ messages }) => messages)).toStrictEqual([])
  })

  test('speaks HTTP/3 and IPv6, and TLS 1.2 or later with the given certificate', () => {
    expect(config).toMatchObject({
      Aliases: ['oidc.signet.internal'],
      Enabled: true,
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      ViewerCertificate: {
        AcmCertificateArn: DISTRIBUTION_PROPS.certificateArn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
      PriceClass: 'PriceClass_100',
    })
    expect(config.Logging).toBeUndefined()
    expect(config.WebACLId).toBeUndefined()
  })

  test('keeps an error for moments, and never a page in its place', () => {
    const kept = config.CustomErrorResponses.map(
      ({ ErrorCode, ErrorCachingMinTTL }) => [ErrorCode, ErrorCachingMinTTL] as const,
    )
    expect(Object.fromEntries(kept)).toStrictEqual({
      ...Object.fromEntries([400, 403, 404, 405, 414].map((status) => [status, 1])),
      ...Object.fromEntries([500, 501, 502, 503, 504].map((status) => [status, 5])),
    })
    for (const response of config.CustomErrorResponses) {
      expect(Object.keys(response).toSorted()).toStrictEqual(['ErrorCachingMinTTL', 'ErrorCode'])
    }
  })

  test('takes what it is told', () => {
    const told = configOf(
      distributionStack((stack) => ({
        domainNames: ['a.signet.internal', 'b.signet.internal'],
        priceClass: cloudfront.PriceClass.PRICE_CLASS_ALL,
        accessLogs: s3.Bucket.fromBucketName(stack, 'Logs', 'logs'),
        webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b',
      })),
    )
    expect(told).toMatchObject({
      Aliases: ['a.signet.internal', 'b.signet.internal'],
      PriceClass: 'PriceClass_All',
      Logging: { Bucket: expect.anything() },
      WebACLId: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b',
    })
  })

  test('takes parameters of a template', () => {
    const told = configOf(
      distributionStack((stack) => ({
        domainNames: new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList' }).valueAsList,
        certificateArn: new CfnParameter(stack, 'Certificate').valueAsString,
      })),
    )
    expect(told).toMatchObject({
      Aliases: { Ref: 'Names' },
      ViewerCertificate: { AcmCertificateArn: { Ref: 'Certificate' } },
    })
  })
})
