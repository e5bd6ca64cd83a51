/**
 * Alarms of an issuer host: what of its logs, its APIs and its queue somebody should look at. What CloudFront measures is in
 * us-east-1 alone and not here.
 *
 * What an alarm means is in its description, and what to do in the section of `docs/runbook.md` that has its name.
 */

import {
  aws_cloudwatch as cloudwatch,
  aws_cloudwatch_actions as actions,
  aws_logs as logs,
  type aws_sns as sns,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { type AlarmDefinition, alarmList, type AlarmName, type AlarmSources } from './alarm-list.ts'
import { alarmLimits, type AlarmThresholds } from './alarm-thresholds.ts'
import type { OfEachFunction } from './each-function.ts'
import { LOG_METRICS, type LogMetric } from './log-metrics.ts'

export interface IssuerAlarmsProps extends Omit<AlarmSources, 'logged'> {
  /** Begins the names of alarms, and ends the namespace of what is counted. */
  readonly deployment: string
  readonly logGroups: OfEachFunction<logs.ILogGroup>
  /**
   * Hears of each alarm, and of its end.
   * @default none
   */
  readonly topic?: sns.ITopic | undefined
  /** @default those of `alarm-thresholds.ts` */
  readonly thresholds?: AlarmThresholds | undefined
}

export class IssuerAlarms extends Construct {
  readonly alarms: Readonly<Record<AlarmName, cloudwatch.Alarm>>

  constructor(scope: Construct, id: string, props: IssuerAlarmsProps) {
    super(scope, id)
    const { deployment, logGroups, topic, thresholds = {} } = props
    const namespace = `Signet/${deployment}`
    this.count(namespace, logGroups)
    const definitions: Readonly<Record<AlarmName, AlarmDefinition>> = alarmList(
      {
        ...props,
        logged: (metricName, measured) =>
          new cloudwatch.Metric({ namespace, metricName, ...measured }),
      },
      alarmLimits(thresholds),
    )
    const action = topic && new actions.SnsAction(topic)
    this.alarms = mapValues(definitions, (definition, name) => {
      const alarm = this.alarm(name, definition, deployment)
      if (action !== undefined) {
        alarm.addAlarmAction(action)
        alarm.addOkAction(action)
      }
      return alarm
    })
  }

  private count(namespace: string, logGroups: IssuerAlarmsProps['logGroups']): void {
    for (const [metricName, metric] of Object.entries<LogMetric>(LOG_METRICS)) {
      for (const name of metric.functions) {
        new logs.MetricFilter(this, `${metricName}-${name}`, {
          logGroup: logGroups[name],
          filterPattern: metric.pattern,
          metricNamespace: namespace,
          metricName,
          metricValue: metric.value ?? '1',
        })
      }
    }
  }

  private alarm(name: string, definition: AlarmDefinition, deployment: string): cloudwatch.Alarm {
    const { metric, threshold, periods = 1, what, isSilenceAlarming = false } = definition
    return new cloudwatch.Alarm(this, name, {
      alarmName: `${deployment}-${name}`,
      alarmDescription: `${what} More in docs/runbook.md, "${name}".`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator:
        definition.comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isSilenceAlarming
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    })
  }
}

function mapValues<Name extends string, From, To>(
  values: Readonly<Record<Name, From>>,
  map: (value: From, name: Name) => To,
): Record<Name, To> {
  const entries = Object.entries(values) as [Name, From][]
  return Object.fromEntries(entries.map(([name, value]) => [name, map(value, name)])) as Record<
    Name,
    To
  >
}
