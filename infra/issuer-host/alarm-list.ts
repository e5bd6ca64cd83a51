/**
 * Which alarms there are: of what, from when on, and what they mean to whoever is woken by them.
 */

import {
  type aws_apigatewayv2 as apigateway,
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_lambda as lambda,
  type aws_sqs as sqs,
} from 'aws-cdk-lib'
import type { AlarmLimits } from './alarm-thresholds.ts'
import type { OfEachFunction } from './each-function.ts'
import type { LogMetricName } from './log-metrics.ts'

export interface AlarmSources {
  readonly functions: OfEachFunction<lambda.IFunction>
  readonly publicApi: apigateway.IHttpApi
  readonly controlApi: apigateway.IHttpApi
  readonly deadLetters: sqs.IQueue
  /** What is counted in the logs. */
  readonly logged: (name: LogMetricName, measured: Measured) => cloudwatch.IMetric
}

type Measured = Required<Pick<cloudwatch.MetricOptions, 'statistic' | 'period'>>

export interface AlarmDefinition {
  readonly metric: cloudwatch.IMetric
  readonly threshold: number
  /** Of the period of the metric, all in a row. @default 1 */
  readonly periods?: number
  /** @default at the threshold and above */
  readonly comparison?: cloudwatch.ComparisonOperator
  /**
   * Whether silence is an alarm. Where it is not, nothing was done that could have failed.
   * @default false
   */
  readonly isSilenceAlarming?: boolean
  /** What it means, and what to look at first. */
  readonly what: string
}

export type AlarmName = keyof ReturnType<typeof alarmList>

const FIVE_MINUTES: Measured = { statistic: 'Sum', period: Duration.minutes(5) }
/** Several runs of a rotation, which reports a state anew each time. */
const HOUR: Measured = { statistic: 'Sum', period: Duration.hours(1) }

export function alarmList(sources: AlarmSources, limits: AlarmLimits) {
  return {
    ...ringAlarms(sources, limits),
    ...runAlarms(sources, limits),
    ...apiAlarms(sources, limits),
    ...serviceAlarms(sources, limits),
  } satisfies Readonly<Record<string, AlarmDefinition>>
}

function ringAlarms({ logged }: AlarmSources, limits: AlarmLimits) {
  return {
    'rotation-overdue': {
      metric: logged('RingsOverdue', HOUR),
      threshold: limits.overdueRings,
      what: 'The key of some issuer signs on although its time is over: the records ring_status and rotation_waits in the log of rotate name the issuer and what its rotation waits for.',
    },
    'no-active-key': {
      metric: logged('RingsWithoutKey', HOUR),
      threshold: limits.ringsWithoutKey,
      what: 'Some issuer has no key to sign with or to publish, so it issues no tokens: the record ring_status in the log of rotate names it, rotation_waits and rotation_failed say why.',
    },
    'successor-not-seen': {
      metric: logged('SuccessorsNotSeen', HOUR),
      threshold: limits.successorsNotSeen,
      what: 'The next key of some issuer is not made, not shown by its public documents or not proved, and does not sign until it is. Tokens are issued still: look at the documents as the world sees them, and at rotation_waits in the log of rotate.',
    },
  } satisfies Readonly<Record<string, AlarmDefinition>>
}

function runAlarms({ logged, functions, deadLetters }: AlarmSources, limits: AlarmLimits) {
  return {
    'rotation-silent': {
      metric: logged('RotationRuns', {
        statistic: 'Sum',
        period: Duration.minutes(limits.rotationSilenceMinutes),
      }),
      threshold: 1,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      isSilenceAlarming: true,
      what: 'No rotation came to its end for a while, so keys are neither made nor handed over nor withdrawn: look at the schedule, at the errors of the function rotate and at its log.',
    },
    'rotation-failing': {
      metric: functions.rotate.metricErrors(HOUR),
      threshold: limits.failedRuns,
      what: 'Runs of rotate fail for some issuer or for all: rotation_failed, sweep_failed and job_failed in its log name the issuer and the fault.',
    },
    'dead-letters': {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      what: 'A rotation or a sweep was given up after all attempts: the message in the queue says which. The next one makes up for it, so once one has succeeded, delete the message.',
    },
  } satisfies Readonly<Record<string, AlarmDefinition>>
}

function apiAlarms({ functions, publicApi, controlApi }: AlarmSources, limits: AlarmLimits) {
  return {
    'public-errors': {
      metric: publicApi.metricServerError(FIVE_MINUTES),
      threshold: limits.publicServerErrors,
      what: 'The public API answers 5xx. Documents still come from caches and static copies, tokens do not: request_failed in the log of http has the code of the fault.',
    },
    'control-errors': {
      metric: controlApi.metricServerError(FIVE_MINUTES),
      threshold: limits.controlServerErrors,
      what: 'The control API answers 5xx to operators: request_failed and key_not_made in the log of control have the code of the fault.',
    },
    'http-crashing': {
      metric: functions.http.metricErrors(FIVE_MINUTES),
      threshold: limits.crashes,
      what: 'The function http ended without an answer of its own, since it does not start, or time or memory were over: its log says which.',
    },
    'control-crashing': {
      metric: functions.control.metricErrors(FIVE_MINUTES),
      threshold: limits.crashes,
      what: 'The function control ended without an answer of its own, since it does not start, or time or memory were over: its log says which.',
    },
  } satisfies Readonly<Record<string, AlarmDefinition>>
}

function serviceAlarms({ logged }: AlarmSources, limits: AlarmLimits) {
  return {
    'key-service-busy': {
      metric: logged('KeyServiceBusy', FIVE_MINUTES),
      threshold: limits.throttledKeyCalls,
      what: 'AWS KMS throttles this account. key_service_retried in the logs was tried again, and so was late; key_service_busy was throttled at every attempt, and who asked for a token got 503. Ask for a higher quota, or move issuers to custody kms-wrapped.',
    },
    'key-service-failing': {
      metric: logged('KeyServiceFailures', FIVE_MINUTES),
      threshold: limits.failedKeyCalls,
      what: 'AWS KMS fails, refuses a function, or has a key disabled or gone, and tokens of the issuers concerned are not issued: code and problem in the logs say which.',
    },
    'tokens-slow': {
      metric: logged('TokenMilliseconds', { statistic: 'p99', period: Duration.minutes(5) }),
      threshold: limits.tokenMilliseconds,
      periods: 3,
      what: 'One of 100 tokens takes long: signing, the fetch of keys of others, or new instances of http. durationMs of token_issued is the whole of it, signMs the signing.',
    },
    'signing-slow': {
      metric: logged('SignMilliseconds', { statistic: 'p99', period: Duration.minutes(5) }),
      threshold: limits.signMilliseconds,
      periods: 3,
      what: 'One of 100 signatures takes long: AWS KMS is slow or throttles, or http has too little memory and so too little of a processor. signMs of token_issued is from the opening of the key to its signature.',
    },
    'storage-failing': {
      metric: logged('StorageFailures', FIVE_MINUTES),
      threshold: limits.storageFailures,
      what: 'Documents or static copies cannot be read or written. Documents are served from what was read last: look at the permissions of the functions and at the state of Amazon S3.',
    },
    'document-corrupt': {
      metric: logged('DocumentsCorrupt', HOUR),
      threshold: 1,
      what: 'A stored document of an issuer cannot be read, or is older than what was published of it: problem in the log names the issuer. Somebody wrote it past the control API: restore it as the runbook says.',
    },
    'configuration-refused': {
      metric: logged('ConfigurationsRefused', HOUR),
      threshold: 1,
      what: 'A function refuses its configuration and does nothing: configuration_refused in its log names each setting.',
    },
  } satisfies Readonly<Record<string, AlarmDefinition>>
}
