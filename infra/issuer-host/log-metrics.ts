/**
 * What is counted in the logs of the functions: records by name, as the code writes them. Each line of theirs is one JSON
 * object and nothing else; a line with anything before it matches no pattern of these.
 */

import { aws_logs as logs } from 'aws-cdk-lib'
import type { LambdaName } from '../../functions/bundle.ts'
import type { KmsErrorCode } from '../../src/adapters/aws/kms-api.ts'
import type { FaultCode } from '../../src/errors.ts'
import type { RingStatus } from '../../src/keyring/ring-status.ts'

export interface LogMetric {
  /** In whose logs. */
  readonly functions: readonly LambdaName[]
  readonly pattern: logs.IFilterPattern
  /** What a record adds. @default '1' */
  readonly value?: string
}

const EVERY_FUNCTION = ['http', 'control', 'rotate'] as const satisfies readonly LambdaName[]

const THROTTLED: KmsErrorCode = 'throttled'

export const LOG_METRICS = {
  RotationRuns: { functions: ['rotate'], pattern: event('rotation_run') },
  RingsOverdue: { functions: ['rotate'], pattern: ringStatus('overdue') },
  RingsWithoutKey: {
    functions: ['rotate'],
    pattern: ringStatus('no_active_key', 'no_published_key'),
  },
  SuccessorsNotSeen: {
    functions: ['rotate'],
    pattern: anyOf(
      ringStatus('successor_not_seen', 'successor_not_proved', 'no_successor'),
      event('successor_not_verified'),
    ),
  },
  /** Each attempt that was throttled: those that were followed by another one, and the last, which is a fault. */
  KeyServiceBusy: {
    functions: EVERY_FUNCTION,
    pattern: anyOf(
      code('key_service_busy'),
      logs.FilterPattern.all(event('key_service_retried'), oneOf('$.code', [THROTTLED])),
    ),
  },
  KeyServiceFailures: {
    functions: EVERY_FUNCTION,
    pattern: code(
      'key_service_unavailable',
      'key_service_refused',
      'key_disabled',
      'key_unavailable',
    ),
  },
  TokenMilliseconds: {
    functions: ['http'],
    pattern: event('token_issued'),
    value: '$.durationMs',
  },
  SignMilliseconds: { functions: ['http'], pattern: event('token_issued'), value: '$.signMs' },
  StorageFailures: {
    functions: EVERY_FUNCTION,
    pattern: code('storage_unavailable', 'static_copies_unavailable'),
  },
  DocumentsCorrupt: {
    functions: EVERY_FUNCTION,
    pattern: anyOf(code('document_corrupt'), event('static_copies_newer')),
  },
  ConfigurationsRefused: { functions: EVERY_FUNCTION, pattern: event('configuration_refused') },
} as const satisfies Readonly<Record<string, LogMetric>>

export type LogMetricName = keyof typeof LOG_METRICS

function event(name: string): logs.JsonPattern {
  return logs.FilterPattern.stringValue('$.event', '=', name)
}

function ringStatus(...statuses: readonly RingStatus[]): logs.JsonPattern {
  return logs.FilterPattern.all(event('ring_status'), oneOf('$.status', statuses))
}

/** Of a fault, whichever record has it. */
function code(...codes: readonly FaultCode[]): logs.JsonPattern {
  return oneOf('$.code', codes)
}

function oneOf(field: string, values: readonly string[]): logs.JsonPattern {
  return anyOf(...values.map((value) => logs.FilterPattern.stringValue(field, '=', value)))
}

function anyOf(...patterns: logs.JsonPattern[]): logs.JsonPattern {
  const [first] = patterns
  return patterns.length === 1 && first !== undefined ? first : logs.FilterPattern.any(...patterns)
}
