/**
 * The runbook describes each member of `infra/deployment.json`, once, with the default that it has.
 */

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { LAMBDA_NAMES } from '../../infra/issuer-host/each-function.ts'
import { ALARM_DEFAULTS } from '../../infra/issuer-host/alarm-thresholds.ts'
import {
  FUNCTION_DEFAULTS,
  type FunctionOptions,
  ISSUER_HOST_DEFAULTS,
  THROTTLE_DEFAULTS,
} from '../../infra/issuer-host/issuer-host-props.ts'
import { parseSettings, type Settings } from '../../infra/settings.ts'
import { TEST_SETTINGS } from '../support/synthesized.ts'

const runbook = await readFile(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
const section = /^## Settings\n(.*?)^## /ms.exec(runbook)?.[1] ?? ''
const [members = {}, thresholds = {}] = section.split('| `alarmThresholds` |').map(describedIn)

/** By the name of each member its default, as they are written; names and defaults of one row may be lists of one length. */
function describedIn(text: string): Readonly<Record<string, string>> {
  const rows = [...text.matchAll(/^\| (`.*?) \| (.*?) \|/gm)]
  const pairs = rows.flatMap(([, first = '', second = '']) => {
    const names = first.split(', ')
    const defaults = second.split(', ')
    return names.map((name, index): [string, string] => [
      name.replaceAll('`', ''),
      (names.length === defaults.length ? defaults[index] : undefined) ?? second,
    ])
  })
  expect(pairs.length, 'a member is described twice').toBe(new Map(pairs).size)
  return Object.fromEntries(pairs)
}

const code = (value: unknown): string => `\`${String(value)}\``

const MADE = 'made by CloudFormation'

/** Of each member of the schema: what is not in here, or no longer there, is a mistake of types. */
const MEMBERS: Readonly<Record<keyof Settings, Readonly<Record<string, string>>>> = {
  domainNames: { domainNames: 'needed' },
  certificateArn: { certificateArn: 'needed' },
  stackName: { stackName: code('signet') },
  deployment: { deployment: code(ISSUER_HOST_DEFAULTS.deployment) },
  region: { region: 'that of your AWS configuration' },
  hostedZone: { hostedZone: 'none: make the DNS records yourself' },
  alarmEmail: { alarmEmail: 'none: alarms are in CloudWatch alone' },
  wrappedKeys: { wrappedKeys: code(ISSUER_HOST_DEFAULTS.wrappedKeys) },
  defaultCustody: { defaultCustody: code('kms') },
  logRetentionDays: { logRetentionDays: code(365) },
  noncurrentDocumentDays: {
    noncurrentDocumentDays: code(ISSUER_HOST_DEFAULTS.noncurrentDocumentDays),
  },
  rotationMinutes: { rotationMinutes: code(ISSUER_HOST_DEFAULTS.rotationMinutes) },
  priceClass: { priceClass: code('PriceClass_100') },
  webAclArn: { webAclArn: 'none' },
  fallbackOnThrottling: { fallbackOnThrottling: code(ISSUER_HOST_DEFAULTS.fallbackOnThrottling) },
  bucketNames: { 'bucketNames.documents': MADE, 'bucketNames.staticCopies': MADE },
  functions: Object.assign({}, ...LAMBDA_NAMES.map(optionsOf)) as Record<string, string>,
  throttle: Object.fromEntries(
    Object.entries(THROTTLE_DEFAULTS).map(([name, { ratePerSecond, burst }]) => [
      `throttle.${name}`,
      `${code(ratePerSecond)}/${code(burst)}`,
    ]),
  ),
  alarmThresholds: {},
}

function optionsOf(name: (typeof LAMBDA_NAMES)[number]): Record<string, string> {
  const { memoryMb, timeoutSeconds } = FUNCTION_DEFAULTS[name]
  const options: Record<keyof FunctionOptions, string> = {
    name: MADE,
    memoryMb: code(memoryMb),
    timeoutSeconds: code(timeoutSeconds),
    concurrency: 'none: shared',
  }
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [`functions.${name}.${option}`, value]),
  )
}

test('each member is described with its default, and no other is', () => {
  expect(members).toStrictEqual(Object.assign({}, ...Object.values(MEMBERS)))
})

test('so is each threshold of the alarms', () => {
  const defaults = Object.entries(ALARM_DEFAULTS).map(([name, value]) => [name, code(value)])
  expect(thresholds).toStrictEqual(Object.fromEntries(defaults))
})

test('what is needed is needed, and nothing else is', () => {
  const needed = Object.keys(members).filter((name) => members[name] === 'needed')
  expect(needed.toSorted()).toStrictEqual(Object.keys(TEST_SETTINGS).toSorted())
  expect(parseSettings(TEST_SETTINGS).ok).toBe(true)
  for (const name of needed) {
    expect(parseSettings({ ...TEST_SETTINGS, [name]: undefined }).ok).toBe(false)
  }
})
