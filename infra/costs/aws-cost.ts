/**
 * What a host on AWS costs in a month besides KMS, part by part.
 */

import { MEMORY_COPY_SECONDS, SIGNER_STALENESS_SECONDS } from '../../src/limits.ts'
import * as assumed from './assumptions.ts'
import type { Use } from './assumptions.ts'
import { costOf, worthOfFree } from './price.ts'
import { AWS } from './prices.ts'

export interface AwsUse extends Use {
  readonly documents: number
  /** Whether each signature is a call of KMS, for which the function waits. */
  readonly isSignedByKms: boolean
}

/** Each in US dollars, free amounts taken off. */
export interface AwsCost {
  readonly lambda: number
  readonly httpApi: number
  readonly cloudFront: number
  readonly s3: number
  readonly logs: number
  readonly metrics: number
}

const HOURS = assumed.MONTH_SECONDS / 3600
const GB = 1e9

export function awsCost(use: AwsUse): AwsCost {
  const requests = use.documents + use.exchanges
  return {
    lambda: lambdaCost(use, requests),
    httpApi: costOf(AWS.httpApi, requests),
    cloudFront: cloudFrontCost(use, requests),
    s3: s3Cost(use),
    logs: costOf(AWS.logGb, logBytes(use) / GB),
    metrics: metricsCost(use),
  }
}

/** What the free amounts take off a bill at most. */
export const AWS_FREE_WORTH = worthOfFree(Object.values(AWS))

function lambdaCost(use: AwsUse, requests: number): number {
  const { document, exchange, kms, run, issuerOfRun } = assumed.BILLED_MS
  const exchangeMs = exchange + (use.isSignedByKms ? kms : 0)
  const httpMs = use.documents * document + use.exchanges * exchangeMs
  const rotateMs = assumed.RUNS * (run + use.issuers * issuerOfRun)
  const gbSeconds = (httpMs * assumed.HTTP_GB + rotateMs * assumed.ROTATE_GB) / 1000
  return (
    costOf(AWS.lambdaRequest, requests + assumed.RUNS) +
    costOf(AWS.lambdaGbSecond, gbSeconds) +
    costOf(AWS.schedule, assumed.RUNS)
  )
}

function cloudFrontCost({ documents, exchanges }: AwsUse, requests: number): number {
  const bytes = documents * assumed.DOCUMENT_BYTES + exchanges * assumed.TOKEN_BYTES
  return (
    costOf(AWS.cloudFrontRequest, requests) +
    costOf(AWS.cloudFrontFunction, requests) +
    costOf(AWS.cloudFrontGb, bytes / GB)
  )
}

function s3Cost({ issuers, exchanges, documents }: AwsUse): number {
  const { INSTANCES, MONTH_SECONDS, EXCHANGE_DOCUMENTS, RUNS } = assumed
  const known = issuers * INSTANCES * MONTH_SECONDS
  const reads =
    Math.min(documents, known / MEMORY_COPY_SECONDS) +
    EXCHANGE_DOCUMENTS * Math.min(exchanges, known / SIGNER_STALENESS_SECONDS) +
    RUNS * issuers * assumed.READS_OF_RUN
  const lists = RUNS * Math.ceil(issuers / assumed.KEYS_PER_LIST)
  const writes = issuers * assumed.ROTATIONS * assumed.WRITES_OF_ROTATION
  return costOf(AWS.s3Read, reads) + costOf(AWS.s3Write, lists + writes)
}

function logBytes({ exchanges, documents }: AwsUse): number {
  return exchanges * assumed.EXCHANGE_LOG_BYTES + documents * assumed.DOCUMENT_LOG_BYTES
}

function metricsCost({ issuers, exchanges }: AwsUse): number {
  const hours = Math.min(HOURS, exchanges / issuers)
  const ofIssuers = (issuers * assumed.METRICS_OF_ISSUER * hours) / HOURS
  const ofHost = assumed.METRICS_OF_HOST + assumed.METRICS_OF_ALARMS
  return costOf(AWS.metric, ofIssuers + ofHost) + costOf(AWS.alarm, assumed.ALARMS)
}
