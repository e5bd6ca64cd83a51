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
function metricsOf(event: AuditEvent, { issuer, durationMs }: LogFields, now: number): object {
  const counter = COUNTERS[event]
  const hasDuration = typeof durationMs === 'number'
  // Each value of a dimension is a metric that is paid for, and an id may be any text that somebody asked for.
  const hasIssuer = typeof issuer === 'string' && isIssuerId(issuer)
  return {
    [counter]: 1,
    ...(hasDuration ? { [DURATION]: durationMs } : {}),
    _aws: {
      Timestamp: now * 1000,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [hasIssuer ? ['issuer'] : []],
          Metrics: [
            { Name: counter, Unit: 'Count' },
            ...(hasDuration ? [{ Name: DURATION, Unit: 'Milliseconds' }] : []),
          ],
        },
      ],
    },
  }
}
