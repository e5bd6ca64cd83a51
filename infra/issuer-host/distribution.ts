/**
 * CloudFront before the public API: documents from its cache, from the function, or from their static copies; everything
 * else from the function alone (`docs/adr/0033-cloudfront.md`). The control API is not behind it.
 */

import {
  Annotations,
  aws_certificatemanager as acm,
  aws_cloudfront as cloudfront,
  aws_cloudfront_origins as origins,
  Duration,
  type aws_s3 as s3,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { SHARED_MAX_AGE_SECONDS, STALE_IF_ERROR_SECONDS } from '../../src/limits.ts'
import { ISSUER_HOST_DEFAULTS } from './issuer-host-props.ts'
import { stackUniqueName } from './stack-unique-name.ts'
import { VIEWER_REQUEST_CODE } from './viewer-request.ts'

export interface IssuerDistributionProps {
  /** May be a token list as a whole. */
  readonly domainNames: readonly string[]
  /** Of a certificate for all of them, in us-east-1. */
  readonly certificateArn: string
  /** Host name of the public API, without a scheme or a stage. */
  readonly publicApiDomain: string
  /** Bucket of the static copies, which the distribution is let to read. */
  readonly staticCopies: s3.IBucket
  /** As in `SignetIssuerHostProps`. @default true */
  readonly fallbackOnThrottling?: boolean | undefined
  /** @default PriceClass.PRICE_CLASS_100 */
  readonly priceClass?: cloudfront.PriceClass | undefined
  /** @default none */
  readonly accessLogs?: s3.IBucket | undefined
  /** @default none */
  readonly webAclArn?: string | undefined
}

/** In the order in which they are tried. Each stands at the root of a host as well, which `*` before a slash may not match. */
const DOCUMENT_PATHS = [
  // First, as in the function: what comes behind it is the path of an issuer, whatever it looks like.
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-authorization-server/*',
  '/.well-known/openid-configuration',
  '*/.well-known/openid-configuration',
  '/.well-known/jwks.json',
  '*/.well-known/jwks.json',
] as const
const TOKEN_PATHS = ['/token', '*/token'] as const

/**
 * STS gives up on a document after five seconds: the function and then its copy come within them. One attempt each. The whole
 * of an answer has no more time than its beginning, so that one which trickles in does not take the copy's.
 */
const FUNCTION_FIRST = { connectSeconds: 1, responseSeconds: 2 } as const
const COPY_THEN = { connectSeconds: 1, responseSeconds: 1 } as const
/** API Gateway itself ends a request after 30 s. */
const ANY_OTHER = { connectSeconds: 5, responseSeconds: 30, attempts: 2 } as const

/**
 * CloudFront keeps nothing for longer than this, stale or not, and so cuts `stale-if-error` short where it is less. For how
 * long a document is fresh its `s-maxage` says, which is a minute at most.
 */
const KEPT_SECONDS_MAX = SHARED_MAX_AGE_SECONDS + STALE_IF_ERROR_SECONDS

/** An issuer that was just made is there a second later; origins that fail are not asked for each request anew. */
const ERROR_SECONDS = [
  [[400, 403, 404, 405, 414], 1],
  [[500, 501, 502, 503, 504], 5],
] as const

/** Never 403 or 404: what the function denies or does not have is not served from a copy of before. */
const FALLBACK_STATUSES = [500, 502, 503, 504]
/** Of API Gateway, for which the function was not asked. */
const THROTTLED_STATUS = 429

export class IssuerDistribution extends Construct {
  readonly distribution: cloudfront.Distribution

  constructor(scope: Construct, id: string, props: IssuerDistributionProps) {
    super(scope, id)
    const { domainNames, certificateArn, publicApiDomain } = props
    const { priceClass = cloudfront.PriceClass.PRICE_CLASS_100, accessLogs, webAclArn } = props
    Annotations.of(this).acknowledgeWarning(
      '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'The default behavior leads to no bucket.',
    )
    const always = this.always()
    const others = othersBehavior(publicApiDomain, always)
    const documents = this.documentsBehavior(props, always)
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'Signet issuers',
      domainNames: [...domainNames],
      certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass,
      defaultBehavior: others,
      additionalBehaviors: {
        ...Object.fromEntries(DOCUMENT_PATHS.map((path) => [path, documents])),
        ...Object.fromEntries(TOKEN_PATHS.map((path) => [path, others])),
      },
      errorResponses: ERROR_SECONDS.flatMap(([statuses, seconds]) =>
        statuses.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(seconds) })),
      ),
      ...(accessLogs !== undefined && { enableLogging: true, logBucket: accessLogs }),
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
    })
  }

  /** Of every behavior: an issuer identifier is https, and a redirect would lead to a document that nobody asked for. */
  private always(): Pick<
    cloudfront.BehaviorOptions,
    'viewerProtocolPolicy' | 'compress' | 'functionAssociations'
  > {
    const viewerRequest = new cloudfront.Function(this, 'ViewerRequest', {
      functionName: stackUniqueName(this, 'viewer'),
      comment: 'Puts the host that was asked for before the path',
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(VIEWER_REQUEST_CODE),
    })
    return {
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      // It would weaken the ETag, and documents are small.
      compress: false,
      functionAssociations: [
        { function: viewerRequest, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST },
      ],
    }
  }

  private documentsBehavior(
    props: IssuerDistributionProps,
    always: Partial<cloudfront.BehaviorOptions>,
  ): cloudfront.BehaviorOptions {
    const { fallbackOnThrottling = ISSUER_HOST_DEFAULTS.fallbackOnThrottling } = props
    return {
      ...always,
      origin: new origins.OriginGroup({
        primaryOrigin: new origins.HttpOrigin(props.publicApiDomain, {
          originId: 'documents',
          connectionAttempts: 1,
          connectionTimeout: Duration.seconds(FUNCTION_FIRST.connectSeconds),
          readTimeout: Duration.seconds(FUNCTION_FIRST.responseSeconds),
          responseCompletionTimeout: Duration.seconds(FUNCTION_FIRST.responseSeconds),
        }),
        fallbackOrigin: this.staticCopiesOrigin(props.staticCopies),
        fallbackStatusCodes: [
          ...(fallbackOnThrottling ? [THROTTLED_STATUS] : []),
          ...FALLBACK_STATUSES,
        ],
      }),
      // An origin group takes no other method.
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      // By a note of CloudFront's guide nothing fails over otherwise; answers to OPTIONS say nothing of caching, so none is kept.
      cachedMethods: cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS,
      cachePolicy: new cloudfront.CachePolicy(this, 'DocumentCache', {
        cachePolicyName: stackUniqueName(this, 'cache'),
        comment: 'By the path alone, for as long as the document says',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.seconds(KEPT_SECONDS_MAX),
        queryStringBehavior: cloudfront.CacheQueryStringBehavior.none(),
        headerBehavior: cloudfront.CacheHeaderBehavior.none(),
        cookieBehavior: cloudfront.CacheCookieBehavior.none(),
      }),
      responseHeadersPolicy: this.documentHeaders(),
    }
  }

  /** What the function sends with each document, and S3 with none. Where an origin says otherwise, that holds. */
  private documentHeaders(): cloudfront.ResponseHeadersPolicy {
    return new cloudfront.ResponseHeadersPolicy(this, 'DocumentHeaders', {
      responseHeadersPolicyName: stackUniqueName(this, 'headers'),
      comment: 'Of documents, where their origin does not send them',
      corsBehavior: {
        accessControlAllowOrigins: ['*'],
        accessControlAllowMethods: ['GET', 'HEAD', 'OPTIONS'],
        accessControlAllowHeaders: ['If-None-Match'],
        accessControlExposeHeaders: ['ETag', 'Signet-Ring-Version'],
        accessControlAllowCredentials: false,
        originOverride: false,
      },
      securityHeadersBehavior: { contentTypeOptions: { override: false } },
    })
  }

  /**
   * Who may list a bucket is told 404 of what is not in it, and 403 who may not. Nobody lists through the distribution: to S3
   * that is a request for the root with a query string, and neither reaches it.
   */
  private staticCopiesOrigin(bucket: s3.IBucket): cloudfront.IOrigin {
    const origin = origins.S3BucketOrigin.withOriginAccessControl(bucket, {
      originId: 'static-copies',
      originAccessControl: new cloudfront.S3OriginAccessControl(this, 'StaticCopiesAccess', {
        originAccessControlName: stackUniqueName(this, 'copies'),
      }),
      originAccessLevels: [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
      connectionAttempts: 1,
      connectionTimeout: Duration.seconds(COPY_THEN.connectSeconds),
      responseCompletionTimeout: Duration.seconds(COPY_THEN.responseSeconds),
    })
    return {
      bind: (scope, options) => {
        const { originProperty, ...bound } = origin.bind(scope, options)
        if (originProperty === undefined) return bound
        // The origin of CDK knows no such timeout, whose default is 30 s.
        const s3OriginConfig = {
          originAccessIdentity: '',
          originReadTimeout: COPY_THEN.responseSeconds,
        }
        return { ...bound, originProperty: { ...originProperty, s3OriginConfig } }
      },
    }
  }
}

/** Tokens and all that is no document: nothing is kept, and the function sees all of the request but its host header. */
function othersBehavior(
  publicApiDomain: string,
  always: Partial<cloudfront.BehaviorOptions>,
): cloudfront.BehaviorOptions {
  return {
    ...always,
    origin: new origins.HttpOrigin(publicApiDomain, {
      originId: 'tokens',
      connectionAttempts: ANY_OTHER.attempts,
      connectionTimeout: Duration.seconds(ANY_OTHER.connectSeconds),
      readTimeout: Duration.seconds(ANY_OTHER.responseSeconds),
    }),
    allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
    cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
    originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  }
}
