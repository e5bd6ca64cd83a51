/**
 * What an issuer host on AWS may be told: names, sizes and limits, each with its default. Checks of them are in
 * `props-problems.ts`.
 *
 * Every name and size here may be a CDK token but for what a comment excludes; a token is not checked.
 */

import type {
  aws_cloudfront as cloudfront,
  aws_lambda as lambda,
  aws_logs as logs,
  aws_route53 as route53,
  aws_s3 as s3,
  aws_sns as sns,
} from 'aws-cdk-lib'
import type { LambdaName } from '../../functions/bundle.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import type { AlarmThresholds } from './alarm-thresholds.ts'

export interface SignetIssuerHostProps {
  /**
   * Host names at which issuers are reached, at least one, in lower case. The first is that of PUBLIC_URL, below which new
   * issuers are made; the others go on serving issuers that are called after them. May be a token list as a whole.
   */
  readonly domainNames: readonly string[]
  /** ARN of a certificate for every one of `domainNames`, of AWS Certificate Manager in us-east-1: CloudFront takes no other. */
  readonly certificateArn: string
  /**
   * Names the installation inside its keys and is the prefix of its documents, so it is for ever: 1 to 32 lower-case
   * letters, digits and inner hyphens.
   * @default 'signet'
   */
  readonly deployment?: string | undefined
  /**
   * Whether there is a symmetric KMS key for custody `kms-wrapped`. Taken away later, the key stays and the functions may not
   * use it any more: keys that it wrapped sign no more. Given back, a new key is made, and what the old one wrapped stays
   * closed: to bring that back, import the old key into the stack (`cdk import`) in place of a new one. Not a token.
   * @default true
   */
  readonly wrappedKeys?: boolean | undefined
  /**
   * Custody of new issuers that name none.
   * @default that of the functions: 'kms'
   */
  readonly defaultCustody?: Extract<KeyCustody, 'kms' | 'kms-wrapped'> | undefined
  /**
   * What the functions run: directories or archives with an `index.mjs` at the top.
   * @default what `npm run build:lambda` has written to `dist/lambda/`
   */
  readonly bundles?: Readonly<Record<LambdaName, lambda.Code>> | undefined
  /** @default those of `FUNCTION_DEFAULTS` */
  readonly functions?: Readonly<Partial<Record<LambdaName, FunctionOptions>>> | undefined
  /** @default those of `THROTTLE_DEFAULTS` */
  readonly throttle?: Throttles | undefined
  /**
   * Two different ones.
   * @default names that CloudFormation makes
   */
  readonly bucketNames?: BucketNames | undefined
  /**
   * Days for which earlier versions of documents are kept, to restore from.
   * @default 90
   */
  readonly noncurrentDocumentDays?: number | undefined
  /**
   * Minutes between rotations, 1 to 30. What is due to leave the static copies leaves them with a rotation, and alarms wait for
   * several of them.
   * @default 15
   */
  readonly rotationMinutes?: number | undefined
  /**
   * For how long the logs are kept, in which the audit records are.
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays | undefined
  /**
   * Where CloudFront has edges that serve this host.
   * @default PriceClass.PRICE_CLASS_100
   */
  readonly priceClass?: cloudfront.PriceClass | undefined
  /**
   * The public zone of `domainNames`, in which records for those of them inside it are made.
   * @default none: make them elsewhere, as aliases or CNAMEs of the distribution's domain name
   */
  readonly hostedZone?: route53.IHostedZone | undefined
  /**
   * Whether documents come from their static copies also where API Gateway answers 429, so that a flood takes no document
   * away. CloudFront's documentation has 429 among the statuses of an origin group; older lists of them do not. `false` where
   * CloudFront refuses it. Not a token.
   * @default true
   */
  readonly fallbackOnThrottling?: boolean | undefined
  /**
   * Bucket that CloudFront writes its access logs to: neither of `bucketNames`, and one whose object ownership allows ACLs, which is
   * how CloudFront gets in (`ObjectOwnership.BUCKET_OWNER_PREFERRED`).
   * @default none; what tokens were issued and what was changed is in the functions' logs
   */
  readonly accessLogs?: s3.IBucket | undefined
  /**
   * ARN of a web ACL of AWS WAF, for CloudFront.
   * @default none
   */
  readonly webAclArn?: string | undefined
  /**
   * Hears of every alarm.
   * @default none: alarms are then seen in CloudWatch alone
   */
  readonly alarmTopic?: sns.ITopic | undefined
  /** @default those of `alarm-thresholds.ts` */
  readonly alarmThresholds?: AlarmThresholds | undefined
}

export interface FunctionOptions {
  /** @default a name that CloudFormation makes */
  readonly name?: string | undefined
  /** 1769 MB are one processor. */
  readonly memoryMb?: number | undefined
  readonly timeoutSeconds?: number | undefined
  /**
   * Instances that are kept for this function and that it cannot exceed. A new account has too few to keep any.
   * @default those of the account, shared
   */
  readonly concurrency?: number | undefined
}

export interface FunctionSize {
  readonly memoryMb: number
  readonly timeoutSeconds: number
}

/**
 * `http` has one processor, on which a signature takes a third of a millisecond. API Gateway answers 503 after 30 s, so who
 * is asked over HTTP ends before. `rotate` goes through all issuers.
 */
export const FUNCTION_DEFAULTS = {
  http: { memoryMb: 1769, timeoutSeconds: 20 },
  control: { memoryMb: 1024, timeoutSeconds: 29 },
  rotate: { memoryMb: 1024, timeoutSeconds: 900 },
} as const satisfies Readonly<Record<LambdaName, FunctionSize>>

export interface BucketNames {
  readonly documents?: string | undefined
  readonly staticCopies?: string | undefined
}

/** Requests beyond which API Gateway answers 429 without asking a function. */
export interface RouteThrottle {
  readonly ratePerSecond: number
  readonly burst: number
}

export interface Throttles {
  /** Of `POST`, which is how tokens are asked for. */
  readonly tokens?: RouteThrottle | undefined
  /** Of `GET`, `HEAD` and `OPTIONS`, each. */
  readonly documents?: RouteThrottle | undefined
  /** Of every other method, which this host answers with an error. */
  readonly others?: RouteThrottle | undefined
  readonly control?: RouteThrottle | undefined
}

/** A region of an account signs 1,000 times a second with keys of each kind, and its API Gateway takes 10,000 requests. */
export const THROTTLE_DEFAULTS = {
  tokens: { ratePerSecond: 500, burst: 1000 },
  documents: { ratePerSecond: 1000, burst: 2000 },
  others: { ratePerSecond: 50, burst: 100 },
  control: { ratePerSecond: 20, burst: 40 },
} as const satisfies Readonly<Required<Throttles>>

export const ISSUER_HOST_DEFAULTS = {
  deployment: 'signet',
  wrappedKeys: true,
  noncurrentDocumentDays: 90,
  rotationMinutes: 15,
  fallbackOnThrottling: true,
} as const
