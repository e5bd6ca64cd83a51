/**
 * List prices as data: AWS in us-east-1, Cloudflare's Workers Paid plan, in US dollars without tax, as of November 2026.
 *
 * Other regions of AWS cost up to a quarter more. Nothing is computed here.
 */

import type { Evidence, Price } from './price.ts'

const MILLION = 1_000_000

interface FlatPrice extends Omit<Price, 'tiers'> {
  readonly usd: number
}

function flat({ usd, ...price }: FlatPrice): Price {
  return { ...price, tiers: [{ upTo: Infinity, usd }] }
}

const KMS_PAGE = 'https://aws.amazon.com/kms/pricing/'

function kms(of: string, usd: number, evidence: Evidence): FlatPrice {
  return { of, usd, per: 10_000, evidence, source: KMS_PAGE }
}

export const KMS = {
  key: flat({ ...kms('a KMS key for a month', 1, 'official'), per: 1 }),
  signRsa2048: flat(kms('Sign with RSA_2048', 0.03, 'secondary')),
  signEcc: flat(kms('Sign with ECC_NIST_P256', 0.15, 'secondary')),
  decrypt: flat({ ...kms('Decrypt with a symmetric key', 0.03, 'secondary'), free: 20_000 }),
  pairRsa2048: flat(kms('GenerateDataKeyPairWithoutPlaintext of RSA_2048', 12, 'secondary')),
  pairEcc: flat(kms('GenerateDataKeyPairWithoutPlaintext of ECC_NIST_P256', 0.1, 'secondary')),
} as const

const CLOUDFRONT_PAGE = 'https://aws.amazon.com/cloudfront/pricing/'
const CLOUDWATCH_PAGE = 'https://aws.amazon.com/cloudwatch/pricing/'
const LAMBDA_PAGE = 'https://cloudchipr.com/blog/aws-lambda-pricing'
const S3_PAGE = 'https://aws.amazon.com/s3/pricing/'

export const AWS = {
  lambdaRequest: flat({
    of: 'Lambda requests',
    usd: 0.2,
    per: MILLION,
    free: MILLION,
    source: LAMBDA_PAGE,
    evidence: 'secondary',
  }),
  lambdaGbSecond: flat({
    of: 'Lambda GB-seconds, arm64',
    usd: 0.000_013_333_4,
    per: 1,
    free: 400_000,
    source: LAMBDA_PAGE,
    evidence: 'secondary',
  }),
  httpApi: {
    of: 'requests of an HTTP API',
    per: MILLION,
    tiers: [
      { upTo: 300 * MILLION, usd: 1 },
      { upTo: Infinity, usd: 0.9 },
    ],
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html',
    evidence: 'official',
  },
  cloudFrontRequest: flat({
    of: 'HTTPS requests of CloudFront, North America and Europe',
    usd: 0.01,
    per: 10_000,
    free: 10 * MILLION,
    source: 'https://wring.co/blog/aws-cloudfront-pricing-guide',
    evidence: 'secondary',
  }),
  cloudFrontFunction: flat({
    of: 'runs of a CloudFront function',
    usd: 0.1,
    per: MILLION,
    free: 2 * MILLION,
    source: CLOUDFRONT_PAGE,
    evidence: 'secondary',
  }),
  cloudFrontGb: flat({
    of: 'GB out of CloudFront, North America and Europe',
    usd: 0.085,
    per: 1,
    free: 1000,
    source: CLOUDFRONT_PAGE,
    evidence: 'official',
  }),
  s3Read: flat({
    of: 'GET of S3',
    usd: 0.0004,
    per: 1000,
    source: S3_PAGE,
    evidence: 'secondary',
  }),
  s3Write: flat({
    of: 'PUT and LIST of S3',
    usd: 0.005,
    per: 1000,
    source: S3_PAGE,
    evidence: 'secondary',
  }),
  logGb: flat({
    of: 'GB into CloudWatch Logs',
    usd: 0.5,
    per: 1,
    free: 5,
    source:
      'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
    evidence: 'secondary',
  }),
  metric: {
    of: 'CloudWatch metrics of our own, each by the hours in which it has values',
    per: 1,
    tiers: [
      { upTo: 10_000, usd: 0.3 },
      { upTo: 250_000, usd: 0.1 },
      { upTo: Infinity, usd: 0.05 },
    ],
    free: 10,
    source: CLOUDWATCH_PAGE,
    evidence: 'secondary',
  },
  alarm: flat({
    of: 'CloudWatch alarms',
    usd: 0.1,
    per: 1,
    free: 10,
    source: CLOUDWATCH_PAGE,
    evidence: 'secondary',
  }),
  schedule: flat({
    of: 'invocations by EventBridge Scheduler',
    usd: 1,
    per: MILLION,
    free: 14 * MILLION,
    source: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
    evidence: 'secondary',
  }),
} as const satisfies Record<string, Price>

const WORKERS_PAGE = 'https://developers.cloudflare.com/workers/platform/pricing/'
const OBJECTS_PAGE = 'https://developers.cloudflare.com/durable-objects/platform/pricing'
const KV_PAGE = 'https://developers.cloudflare.com/kv/platform/pricing/'

/** What the plan includes is `free`. */
export const CLOUDFLARE = {
  plan: flat({
    of: 'the plan for a month',
    usd: 5,
    per: 1,
    source: WORKERS_PAGE,
    evidence: 'official',
  }),
  request: flat({
    of: 'requests of the Worker',
    usd: 0.3,
    per: MILLION,
    free: 10 * MILLION,
    source: WORKERS_PAGE,
    evidence: 'official',
  }),
  cpuMs: flat({
    of: 'CPU milliseconds of the Worker',
    usd: 0.02,
    per: MILLION,
    free: 30 * MILLION,
    source: WORKERS_PAGE,
    evidence: 'official',
  }),
  objectRequest: flat({
    of: 'requests of Durable Objects',
    usd: 0.15,
    per: MILLION,
    free: MILLION,
    source: OBJECTS_PAGE,
    evidence: 'official',
  }),
  objectGbSecond: flat({
    of: 'GB-seconds of Durable Objects',
    usd: 12.5,
    per: MILLION,
    free: 400_000,
    source: OBJECTS_PAGE,
    evidence: 'official',
  }),
  kvRead: flat({
    of: 'reads of Workers KV',
    usd: 0.5,
    per: MILLION,
    free: 10 * MILLION,
    source: KV_PAGE,
    evidence: 'secondary',
  }),
  kvWrite: flat({
    of: 'writes of Workers KV',
    usd: 5,
    per: MILLION,
    free: MILLION,
    source: KV_PAGE,
    evidence: 'secondary',
  }),
  logEvent: flat({
    of: 'events of Workers Logs',
    usd: 0.6,
    per: MILLION,
    free: 20 * MILLION,
    source: 'https://developers.cloudflare.com/workers/observability/logs/workers-logs/',
    evidence: 'official',
  }),
} as const satisfies Record<string, Price>
