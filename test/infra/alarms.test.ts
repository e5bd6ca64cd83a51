import {
  App,
  aws_apigatewayv2 as apigateway,
  aws_lambda as lambda,
  aws_logs as logs,
  aws_sns as sns,
  aws_sqs as sqs,
  Stack,
} from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { ALARM_DEFAULTS } from '../../infra/issuer-host/alarm-thresholds.ts'
import { IssuerAlarms, type IssuerAlarmsProps } from '../../infra/issuer-host/alarms.ts'
import { ofEachFunction } from '../../infra/issuer-host/each-function.ts'
import { LOG_METRICS, type LogMetric } from '../../infra/issuer-host/log-metrics.ts'

interface Alarm {
  readonly AlarmName: string
  readonly AlarmDescription: string
  readonly AlarmActions?: readonly unknown[]
  readonly OKActions?: readonly unknown[]
  readonly ComparisonOperator: string
  readonly EvaluationPeriods: number
  readonly Threshold: number
  readonly TreatMissingData: string
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[]
  readonly Period: number
  readonly Statistic?: string
  readonly ExtendedStatistic?: string
}

interface MetricFilter {
  readonly LogGroupName: unknown
  readonly FilterPattern: string
  readonly MetricTransformations: readonly {
    readonly MetricName: string
    readonly MetricNamespace: string
    readonly MetricValue: string
  }[]
}

function made(props: (stack: Stack) => Partial<IssuerAlarmsProps> = () => ({})) {
  const stack = new Stack(new App(), 'Test')
  const { alarms } = new IssuerAlarms(stack, 'Alarms', {
    deployment: 'signet',
    functions: ofEachFunction((name) =>
      lambda.Function.fromFunctionArn(
        stack,
        name,
        `arn:aws:lambda:eu-central-1:111122223333:function:${name}-f`,
      ),
    ),
    logGroups: ofEachFunction((name) =>
      logs.LogGroup.fromLogGroupName(stack, `${name}Log`, `${name}-log`),
    ),
    publicApi: new apigateway.HttpApi(stack, 'Public') as apigateway.IHttpApi,
    controlApi: new apigateway.HttpApi(stack, 'Control') as apigateway.IHttpApi,
    deadLetters: new sqs.Queue(stack, 'DeadLetters'),
    ...props(stack),
  })
  const template = Template.fromStack(stack)
  const found = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
  const all: Alarm[] = found.map(({ Properties }) => Properties)
  return {
    names: Object.keys(alarms),
    filters: Object.values(template.findResources('AWS::Logs::MetricFilter')).map(
      ({ Properties }) => Properties as MetricFilter,
    ),
    all,
    alarm: (name: string) => all.find(({ AlarmName }) => AlarmName === `signet-${name}`),
  }
}

const { names, filters, all, alarm } = made()

describe('each alarm', () => {
  test('has a name, and says what it means and where more of it is', () => {
    expect(all.map(({ AlarmName }) => AlarmName).toSorted()).toStrictEqual(
      names.map((name) => `signet-${name}`).toSorted(),
    )
    for (const { AlarmName, AlarmDescription } of all) {
      const name = AlarmName.replace('signet-', '')
      expect(AlarmDescription).toMatch(/^[A-Z].{60,}[.] More in docs\/runbook[.]md, "[a-z-]+"[.]$/)
      expect(AlarmDescription).toContain(`"${name}"`)
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024)
    }
  })

  test('is silent where nothing happens, but for the rotation', () => {
    const breaching = all.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching')
    expect(breaching.map(({ AlarmName }) => AlarmName)).toStrictEqual(['signet-rotation-silent'])
    expect(alarm('rotation-silent')?.TreatMissingData).toBe('breaching')
  })

  test('counts what a filter counts, where it is of the logs', () => {
    const counted = all.filter(({ Namespace }) => Namespace === 'Signet/signet')
    const metrics = filters.flatMap(({ MetricTransformations }) => MetricTransformations)
    expect(new Set(counted.map(({ MetricName }) => MetricName))).toStrictEqual(
      new Set(metrics.map(({ MetricName }) => MetricName)),
    )
    for (const { MetricNamespace } of metrics) expect(MetricNamespace).toBe('Signet/signet')
    for (const { Dimensions } of counted) expect(Dimensions).toBeUndefined()
  })

  test.each([2, 60, 1440])('has periods that CloudWatch takes: %i', (rotationSilenceMinutes) => {
    const told = made(() => ({ thresholds: { rotationSilenceMinutes } }))
    for (const { Period, EvaluationPeriods } of told.all) {
      expect(Period % 60).toBe(0)
      expect(Period).toBeLessThanOrEqual(86_400)
      // Seven days where a period has an hour or more, one where it has less.
      expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period < 3600 ? 86_400 : 604_800)
    }
  })
})

test.each<[name: string, expected: Partial<Alarm>]>([
  ['rotation-silent', { MetricName: 'RotationRuns', Statistic: 'Sum', Period: 3600, Threshold: 1 }],
  [
    'rotation-overdue',
    { MetricName: 'RingsOverdue', Statistic: 'Sum', Period: 3600, Threshold: 1 },
  ],
  [
    'no-active-key',
    { MetricName: 'RingsWithoutKey', Statistic: 'Sum', Period: 3600, Threshold: 1 },
  ],
  ['successor-not-seen', { MetricName: 'SuccessorsNotSeen', Statistic: 'Sum', Period: 3600 }],
  ['rotation-failing', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Threshold: 2 }],
  ['dead-letters', { Namespace: 'AWS/SQS', Statistic: 'Maximum', Period: 300, Threshold: 1 }],
  ['public-errors', { Namespace: 'AWS/ApiGateway', MetricName: '5xx', Period: 300, Threshold: 5 }],
  ['control-errors', { Namespace: 'AWS/ApiGateway', MetricName: '5xx', Period: 300, Threshold: 3 }],
  ['http-crashing', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Period: 300, Threshold: 1 }],
  ['control-crashing', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Threshold: 1 }],
  ['key-service-busy', { MetricName: 'KeyServiceBusy', Statistic: 'Sum', Threshold: 3 }],
  ['key-service-failing', { MetricName: 'KeyServiceFailures', Statistic: 'Sum', Threshold: 3 }],
  [
    'tokens-slow',
    {
      MetricName: 'TokenMilliseconds',
      ExtendedStatistic: 'p99',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 2000,
    },
  ],
  [
    'signing-slow',
    {
      MetricName: 'SignMilliseconds',
      ExtendedStatistic: 'p99',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 1000,
    },
  ],
  ['storage-failing', { MetricName: 'StorageFailures', Statistic: 'Sum', Threshold: 5 }],
  ['document-corrupt', { MetricName: 'DocumentsCorrupt', Statistic: 'Sum', Threshold: 1 }],
  [
    'configuration-refused',
    { MetricName: 'ConfigurationsRefused', Statistic: 'Sum', Threshold: 1 },
  ],
])('%s is of its metric', (name, expected) => {
  expect(alarm(name)).toMatchObject(expected)
  const isBelow = name === 'rotation-silent'
  expect(alarm(name)?.ComparisonOperator).toBe(
    isBelow ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
  )
})

test('every alarm is in the table above', () => {
  expect(names).toHaveLength(17)
})

test.each<[name: string, dimension: string, of: string]>([
  ['rotation-failing', 'FunctionName', 'rotate-f'],
  ['http-crashing', 'FunctionName', 'http-f'],
  ['control-crashing', 'FunctionName', 'control-f'],
])('%s is of its function', (name, dimension, of) => {
  expect(alarm(name)?.Dimensions).toStrictEqual([{ Name: dimension, Value: of }])
})

test.each<[name: string, dimension: string, of: RegExp]>([
  ['public-errors', 'ApiId', /^Public/],
  ['control-errors', 'ApiId', /^Control/],
  ['dead-letters', 'QueueName', /^DeadLetters/],
])('%s is of what it is called after', (name, dimension, of) => {
  const [found] = alarm(name)?.Dimensions ?? []
  expect(found?.Name).toBe(dimension)
  expect(JSON.stringify(found?.Value)).toMatch(new RegExp(`"${of.source.slice(1)}`))
})

test('the filters are those of the list, each on the logs of the functions that write such records', () => {
  const expected = Object.entries<LogMetric>(LOG_METRICS).flatMap(([name, metric]) =>
    metric.functions.map((of) => ({
      LogGroupName: `${of}-log`,
      FilterPattern: metric.pattern.logPatternString,
      MetricTransformations: [
        {
          MetricName: name,
          MetricNamespace: 'Signet/signet',
          MetricValue: metric.value ?? '1',
        },
      ],
    })),
  )
  expect(filters).toHaveLength(expected.length)
  expect(filters).toEqual(expect.arrayContaining(expected))
  for (const { FilterPattern } of filters) expect(FilterPattern.length).toBeLessThanOrEqual(1024)
})

describe('what an alarm is told', () => {
  test('nobody hears of it without a topic', () => {
    for (const { AlarmActions, OKActions } of all) {
      expect([AlarmActions, OKActions]).toStrictEqual([undefined, undefined])
    }
  })

  test('a topic hears of its beginning and its end', () => {
    const heard = made((stack) => ({ topic: new sns.Topic(stack, 'Topic') }))
    expect(heard.all).toHaveLength(names.length)
    for (const { AlarmActions, OKActions } of heard.all) {
      expect(AlarmActions).toHaveLength(1)
      expect(OKActions).toStrictEqual(AlarmActions)
    }
  })

  test('each threshold, and one that is undefined is the default', () => {
    const thresholds = Object.fromEntries(
      Object.keys(ALARM_DEFAULTS).map((name, index) => [name, 100 + index]),
    )
    const told = made(() => ({ thresholds: { ...thresholds, overdueRings: undefined } }))
    const numbers = Object.fromEntries(
      told.all.map(({ AlarmName, Threshold }) => [AlarmName.replace('signet-', ''), Threshold]),
    )
    expect(numbers).toStrictEqual({
      'rotation-overdue': 1,
      'no-active-key': 102,
      'successor-not-seen': 103,
      'rotation-silent': 1,
      'rotation-failing': 104,
      'dead-letters': 1,
      'public-errors': 105,
      'control-errors': 106,
      'http-crashing': 107,
      'control-crashing': 107,
      'key-service-busy': 108,
      'key-service-failing': 109,
      'tokens-slow': 110,
      'signing-slow': 111,
      'storage-failing': 112,
      'document-corrupt': 1,
      'configuration-refused': 1,
    })
    expect(told.alarm('rotation-silent')?.Period).toBe(100 * 60)
  })

  test('its deployment, so that two of them in one account are told apart', () => {
    const other = made(() => ({ deployment: 'other' }))
    for (const { AlarmName } of other.all) expect(AlarmName).toMatch(/^other-/)
    const namespaces = other.filters.map(
      ({ MetricTransformations }) => MetricTransformations[0]?.MetricNamespace,
    )
    expect(new Set(namespaces)).toStrictEqual(new Set(['Signet/other']))
  })
})
