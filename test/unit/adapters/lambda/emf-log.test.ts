/**
 * Metrics in audit records, by the rules of the Embedded Metric Format specification.
 */

import { describe, expect, test } from 'vitest'
import { emfLog } from '../../../../src/adapters/lambda/emf-log.ts'
import { AUDIT_EVENTS } from '../../../../src/audit/audit-record.ts'
import { isJsonObject, type JsonObject } from '../../../../src/json.ts'
import { jsonLog, type LogFields, type LogLevel } from '../../../../src/log.ts'
import { NOW } from '../../../support/fixtures.ts'

const RECORD = { requestId: 'id-1', issuer: 'prod', entry: 'cluster', durationMs: 12.5 }

function logs() {
  const lines: string[] = []
  const plain: string[] = []
  const log = emfLog({
    log: jsonLog((_level, line) => plain.push(line)),
    write: (line) => lines.push(line),
    clock: { now: () => NOW },
  })
  return { log, lines, plain }
}

function lineOf(event: string, fields: LogFields, level: LogLevel = 'info'): JsonObject {
  const { log, lines } = logs()
  log(level, event, fields)
  const json: unknown = JSON.parse(lines[0] ?? 'null')
  if (lines.length !== 1 || !isJsonObject(json)) throw new Error(`got ${lines.join('\n')}`)
  return json
}

function hasIssuerDimension(issuer: string): boolean {
  const line = JSON.stringify(lineOf('control_action', { issuer }))
  return line.includes('"Dimensions":[["issuer"]]')
}

/** Units that there are, of those that are used. */
const UNITS = ['Count', 'Milliseconds']

/** What the specification forbids. */
function emfProblems(line: JsonObject): string[] {
  const { _aws: metadata } = line as { readonly _aws?: JsonObject }
  const { Timestamp: timestamp, CloudWatchMetrics: given } = metadata ?? {}
  const directives = Array.isArray(given) ? (given as JsonObject[]) : []
  const rules: Rule[] = [
    [
      isJsonObject(metadata) && Object.keys(metadata).join() === 'Timestamp,CloudWatchMetrics',
      'the metadata object has a time and directives',
    ],
    [Number.isSafeInteger(timestamp) && Number(timestamp) > 1e12, 'the time is in milliseconds'],
    [directives.length > 0, 'there is a directive'],
    ...directives.flatMap((directive) => directiveRules(line, directive)),
  ]
  return rules.filter(([isKept]) => !isKept).map(([, rule]) => rule)
}

type Rule = readonly [isKept: boolean, rule: string]

function directiveRules(line: JsonObject, directive: JsonObject): Rule[] {
  const { Namespace: namespace, Dimensions: dimensions, Metrics: metrics } = directive
  const sets = (dimensions ?? []) as readonly (readonly string[])[]
  const definitions = (metrics ?? []) as readonly JsonObject[]
  return [
    [typeof namespace === 'string' && /^[^:].{0,1023}$/.test(namespace), 'there is a namespace'],
    [Array.isArray(dimensions) && sets.length > 0, 'there is a set of dimensions'],
    [sets.every((set) => set.length <= 30), 'a set has at most 30 dimensions'],
    [
      sets.flat().every((name) => typeof line[name] === 'string' && line[name] !== ''),
      'a dimension is a member of the record, and text',
    ],
    [
      sets.flat().every((name) => String(line[name]).length <= 1024),
      'the value of a dimension has at most 1024 characters',
    ],
    [definitions.length > 0 && definitions.length <= 100, 'there are 1 to 100 metrics'],
    [
      definitions.every(({ Name: name }) => typeof name === 'string' && name.length > 0),
      'a metric has a name',
    ],
    [
      new Set(definitions.map(({ Name: name }) => name)).size === definitions.length,
      'a metric is defined once',
    ],
    [
      definitions.every(({ Name: name }) => Number.isFinite(line[String(name)])),
      'a metric is a member of the record, and a number',
    ],
    [definitions.every(({ Unit: unit }) => UNITS.includes(String(unit))), 'a unit is one'],
  ]
}

describe('an audit record', () => {
  test.each<[event: string, counter: string]>([
    ['token_issued', 'TokensIssued'],
    ['token_refused', 'TokensRefused'],
    ['control_action', 'ControlActions'],
  ])('%s counts %s, and has what it has elsewhere', (event, counter) => {
    const line = lineOf(event, RECORD, 'warn')
    expect(line).toEqual({
      level: 'warn',
      event,
      ...RECORD,
      [counter]: 1,
      DurationMs: 12.5,
      _aws: {
        Timestamp: NOW * 1000,
        CloudWatchMetrics: [
          {
            Namespace: 'Signet',
            Dimensions: [['issuer']],
            Metrics: [
              { Name: counter, Unit: 'Count' },
              { Name: 'DurationMs', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
    })
    expect(emfProblems(line)).toEqual([])
  })

  test('has how long signing took for all issuers together, since each metric costs', () => {
    const line = lineOf('token_issued', { ...RECORD, signMs: 7.25 })
    expect(line).toMatchObject({ signMs: 7.25, SignMs: 7.25, DurationMs: 12.5 })
    const { _aws: metadata } = line
    expect(metadata).toMatchObject({
      CloudWatchMetrics: [
        {
          Dimensions: [['issuer']],
          Metrics: [{ Name: 'TokensIssued' }, { Name: 'DurationMs' }],
        },
        {
          Namespace: 'Signet',
          Dimensions: [[]],
          Metrics: [{ Name: 'SignMs', Unit: 'Milliseconds' }],
        },
      ],
    })
    expect(emfProblems(line)).toEqual([])
  })

  test('is counted, whichever it is', () => {
    for (const event of AUDIT_EVENTS) expect(lineOf(event, RECORD)).toHaveProperty('_aws')
  })

  test.each<[title: string, fields: LogFields]>([
    ['no issuer', { requestId: 'id-1', durationMs: 3 }],
    ['no duration', { requestId: 'id-1', issuer: 'prod' }],
    ['an issuer that is no text', { issuer: 7, durationMs: 3 }],
    ['an empty issuer', { issuer: '', durationMs: 3 }],
    ['what somebody asked for instead of an issuer', { issuer: 'A b/é', durationMs: 3 }],
    ['an issuer of very many characters', { issuer: 'a'.repeat(5000), durationMs: 3 }],
    ['a duration that is no number', { issuer: 'prod', durationMs: 'long' }],
    ['a time of signing that is no number', { ...RECORD, signMs: 'long' }],
    ['a time of signing and no issuer', { durationMs: 3, signMs: 2 }],
    [
      'fields that are called as ours',
      { ...RECORD, _aws: 'x', TokensRefused: 'y', DurationMs: 'z' },
    ],
  ])('keeps to the format with %s', (_title, fields) => {
    const line = lineOf('token_refused', fields)
    expect(emfProblems(line)).toEqual([])
    expect(line).toMatchObject({ TokensRefused: 1, ...('_aws' in fields ? {} : fields) })
  })

  test('has a dimension for ids alone, since each value costs', () => {
    expect(['prod', 'No Id', 'control'].map(hasIssuerDimension)).toEqual([true, false, false])
  })

  test('is one line, whatever is in it', () => {
    const { log, lines } = logs()
    log('info', 'token_issued', { ...RECORD, subject: 'a\nb\u2028c' })
    expect(lines[0]).not.toMatch(/\n/)
  })
})

describe('every other record', () => {
  test('goes to the log as it is', () => {
    const { log, lines, plain } = logs()
    log('info', 'key_set_unavailable', RECORD)
    log('error', 'rotated')
    expect(lines).toEqual([])
    expect(plain.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 'info', event: 'key_set_unavailable', ...RECORD },
      { level: 'error', event: 'rotated' },
    ])
  })
})
