/**
 * Audit records with metrics in them, as CloudWatch takes these out of logs (Embedded Metric Format): the same fields as
 * elsewhere, and beside them what is counted. Every other record goes to the log as it is.
 */

import { AUDIT_EVENTS, type AuditEvent } from '../../audit/audit-record.ts'
import type { Clock } from '../../clock.ts'
import { isIssuerId } from '../../issuers/issuer-id.ts'
import type { Log, LogFields } from '../../log.ts'

export interface EmfLogOptions {
  /** Of records without metrics. */
  readonly log: Log
  /** Takes a line without its end, and puts nothing before it: metrics are found in lines that are JSON as a whole. */
  readonly write: (line: string) => void
  readonly clock: Clock
}

const NAMESPACE = 'Signet'

const COUNTERS: Readonly<Record<AuditEvent, string>> = {
  token_issued: 'TokensIssued',
  token_refused: 'TokensRefused',
  control_action: 'ControlActions',
}
const DURATION = 'DurationMs'
const SIGNING = 'SignMs'

export function emfLog({ log, write, clock }: EmfLogOptions): Log {
  return (level, event, fields = {}) => {
    const audited = AUDIT_EVENTS.find((name) => name === event)
    if (audited === undefined) return log(level, event, fields)
    const head = { level, event }
    const metrics = metricsOf(audited, fields, clock.now())
    write(JSON.stringify({ ...head, ...fields, ...head, ...metrics }))
  }
}

/** `now`: Unix seconds, which the format has in milliseconds. */
function metricsOf(event: AuditEvent, fields: LogFields, now: number): object {
  const { issuer, durationMs, signMs } = fields
  const counter = COUNTERS[event]
  const hasDuration = typeof durationMs === 'number'
  const hasSigning = typeof signMs === 'number'
  // Each value of a dimension is a metric that is paid for, and an id may be any text that somebody asked for.
  const hasIssuer = typeof issuer === 'string' && isIssuerId(issuer)
  const ofIssuer = directive(hasIssuer ? ['issuer'] : [], {
    [counter]: 'Count',
    ...(hasDuration ? { [DURATION]: 'Milliseconds' } : {}),
  })
  // How fast KMS is does not depend on whose key it is, so there is one for all.
  const ofAll = directive([], { [SIGNING]: 'Milliseconds' })
  return {
    [counter]: 1,
    ...(hasDuration ? { [DURATION]: durationMs } : {}),
    ...(hasSigning ? { [SIGNING]: signMs } : {}),
    _aws: {
      Timestamp: now * 1000,
      CloudWatchMetrics: hasSigning ? [ofIssuer, ofAll] : [ofIssuer],
    },
  }
}

/** `units`: of each metric. */
function directive(
  dimensions: readonly string[],
  units: Readonly<Record<string, 'Count' | 'Milliseconds'>>,
): object {
  return {
    Namespace: NAMESPACE,
    Dimensions: [dimensions],
    Metrics: Object.entries(units).map(([name, unit]) => ({ Name: name, Unit: unit })),
  }
}
