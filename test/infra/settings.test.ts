import { expect, test } from 'vitest'
import { ALARM_NAMES } from '../../infra/issuer-host/alarm-thresholds.ts'
import { LAMBDA_NAMES } from '../../infra/issuer-host/each-function.ts'
import type { SignetIssuerHostProps } from '../../infra/issuer-host/issuer-host-props.ts'
import * as ranges from '../../infra/issuer-host/number-ranges.ts'
import { propsProblems } from '../../infra/issuer-host/props-problems.ts'
import { parseSettings } from '../../infra/settings.ts'
import { EVERY_SETTING } from './every-setting.ts'
import { resourcesOf } from '../support/aws/template.ts'
import { synthesized, TEST_SETTINGS } from '../support/synthesized.ts'

const NEEDED = {
  domainNames: ['oidc.signet.internal'],
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
}

function problemsOf(settings: unknown): readonly string[] {
  const parsed = parseSettings(settings)
  return parsed.ok ? [] : parsed.problems
}

test('what is needed is enough, and the stack is called signet', () => {
  expect(parseSettings(NEEDED)).toEqual({ ok: true, config: { ...NEEDED, stackName: 'signet' } })
})

test('everything that may be set is taken as it is', () => {
  expect(parseSettings(EVERY_SETTING)).toEqual({ ok: true, config: EVERY_SETTING })
})

test.each<[setting: string, value: unknown, problem: RegExp]>([
  ['domainNames', undefined, /^domainNames must be a list of 1 to 100 host names.*got nothing$/],
  ['domainNames', [], /^domainNames must be a list of 1 to 100 host names/],
  [
    'domainNames',
    ['a.signet.internal', 'a.signet.internal'],
    /each once, got "a\.signet\.internal" twice$/,
  ],
  ['domainNames', ['192.168.0.1'], /^domainNames\.0 must be a host name of yours/],
  ['domainNames', [`${'a'.repeat(64)}.internal`], /^domainNames\.0 must be a host name of yours/],
  [
    'domainNames',
    ['OIDC.signet.internal'],
    /^domainNames\.0 must be a host name of yours in lower case/,
  ],
  ['domainNames', ['localhost'], /^domainNames\.0 must be a host name of yours in lower case/],
  ['domainNames', ['oidc.signet.internal:8443'], /^domainNames\.0 must be a host name/],
  [
    'domainNames',
    ['oidc.example.com'],
    /^domainNames\.0 is still the placeholder: set it to a host name of yours$/,
  ],
  ['domainNames', ['signet.internal', 'oidc.test'], /^domainNames\.1 must be a host name of yours/],
  ['certificateArn', undefined, /^certificateArn must be the ARN of an ACM certificate/],
  [
    'certificateArn',
    'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
    /in us-east-1, where CloudFront looks for it, got one of eu-central-1: request one with --region us-east-1$/,
  ],
  [
    'certificateArn',
    'arn:aws:acm:us-east-1:ACCOUNT:certificate/ID',
    /^certificateArn is still the placeholder: set it to the ARN of your certificate/,
  ],
  ['certificateArn', 'arn:aws:acm:us-east-1:1:certificate/x', /looks for it, got an ARN$/],
  ['stackName', '1signet', /^stackName must be 1 to 128 letters/],
  ['region', 'europe', /^region must be an AWS region such as "eu-central-1"/],
  ['region', 'cn-north-1', /, or left out, got "cn-north-1": it is outside the partition aws/],
  ['region', 'us-gov-west-1', /got "us-gov-west-1": it is outside the partition aws/],
  ['region', 'eusc-de-east-1', /it is outside the partition aws/],
  [
    'hostedZone',
    { id: 'HOSTED_ZONE_ID', name: 'signet.internal' },
    /^hostedZone\.id is still the pl/,
  ],
  ['hostedZone', 'Z1', /^hostedZone must be an object with id, name, or left out, got "Z1"$/],
  ['hostedZone', { id: 'Z1' }, /^hostedZone\.name must be a host name of yours .*got nothing$/],
  ['hostedZone', { id: 'ID', name: 'signet.internal' }, /^hostedZone\.id must be the id/],
  ['deployment', 'Signet', /^deployment must be 1 to 32 lower-case letters/],
  ['wrappedKeys', 'yes', /^wrappedKeys must be true or false, or left out, got "yes"$/],
  ['defaultCustody', 'sealed', /one of kms, kms-wrapped, or left out, got "sealed"$/],
  ['alarmEmail', 'operations', /^alarmEmail must be one address of e-mail of yours/],
  ['alarmEmail', 'operations@example.com', /^alarmEmail is still the placeholder: .*leave it out$/],
  ['alarmEmail', 'operations@signet.test', /, or left out, got a text$/],
  ['alarmEmail', 'a@signet.internal, b@signet.internal', /, or left out, got several$/],
  ['logRetentionDays', 31, /^logRetentionDays must be one of 1, 3, .*got 31$/],
  ['noncurrentDocumentDays', 0, /^noncurrentDocumentDays must be a whole number from 1 to 3650/],
  [
    'rotationMinutes',
    31,
    /^rotationMinutes must be a whole number from 1 to 30 \(minutes.*\), or left out, got 31$/,
  ],
  ['rotationMinutes', 1.5, /^rotationMinutes must be a whole number from 1 to 30 .*got 1\.5$/],
  ['priceClass', 'All', /^priceClass must be one of PriceClass_100,/],
  ['webAclArn', 'arn:aws:wafv2:eu-central-1:111122223333:regional/x', /^webAclArn must be/],
  ['bucketNames', { documents: 'Documents' }, /^bucketNames\.documents must be the name of an S3/],
  [
    'bucketNames',
    { documents: 'signet..documents' },
    /^bucketNames\.documents must be .*single dots/,
  ],
  ['bucketNames', { documents: '10.0.0.1' }, /^bucketNames\.documents must be .*no IP address/],
  ['bucketNames', { documents: 'one', staticCopies: 'one' }, /^bucketNames must name two buckets/],
  ['fallbackOnThrottling', 1, /^fallbackOnThrottling must be true or false, or left out, got 1$/],
  [
    'functions',
    { http: { name: 'signet' }, rotate: { name: 'signet' } },
    /^functions must have names of their own, got "signet" twice: change one of them$/,
  ],
  ['functions', { http: { memoryMb: 64 } }, /^functions\.http\.memoryMb must be a whole number/],
  [
    'functions',
    { http: { timeoutSeconds: 30 } },
    /^functions\.http\.timeoutSeconds must be a whole number from 1 to 29 \(seconds that http may run\), or left out, got 30$/,
  ],
  [
    'functions',
    { control: { timeoutSeconds: 30 } },
    /^functions\.control\.timeoutSeconds .* 1 to 29 /,
  ],
  [
    'functions',
    { rotate: { timeoutSeconds: 59 } },
    /^functions\.rotate\.timeoutSeconds .* 60 to 900 /,
  ],
  ['functions', { https: {} }, /^functions\.https \(did you mean http\?\) is not known$/],
  ['throttle', { tokens: { burst: 1 } }, /^throttle\.tokens\.ratePerSecond must be .*got nothing$/],
  ['alarmThresholds', { crashes: 0 }, /^alarmThresholds\.crashes must be a whole number from 1/],
  [
    'alarmThresholds',
    { crash: 1 },
    /^alarmThresholds\.crash \(did you mean crashes\?\) is not known$/,
  ],
  [
    'domainName',
    'oidc.signet.internal',
    /^domainName \(did you mean domainNames\?\) is not known$/,
  ],
  ['colour', 'blue', /^colour is not known: known are stackName, region, domainNames,/],
])('%s: %j is refused in one sentence', (setting, value, problem) => {
  const problems = problemsOf({ ...NEEDED, [setting]: value })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(problem)
})

/** Each number, at its ends and behind them, in settings and in props alike. */
const NUMBERS: readonly (readonly [
  ranges.NumberRange,
  (value: number) => Partial<SignetIssuerHostProps>,
])[] = [
  [ranges.MEMORY_MB, (memoryMb) => ({ functions: { http: { memoryMb } } })],
  [ranges.CONCURRENCY, (concurrency) => ({ functions: { rotate: { concurrency } } })],
  ...LAMBDA_NAMES.map(
    (name) =>
      [
        ranges.TIMEOUT_SECONDS[name],
        (timeoutSeconds: number) => ({ functions: { [name]: { timeoutSeconds } } }),
      ] as const,
  ),
  [
    ranges.THROTTLE_REQUESTS,
    (ratePerSecond) => ({ throttle: { tokens: { ratePerSecond, burst: 1 } } }),
  ],
  [ranges.THROTTLE_REQUESTS, (burst) => ({ throttle: { control: { ratePerSecond: 1, burst } } })],
  [ranges.NONCURRENT_DAYS, (noncurrentDocumentDays) => ({ noncurrentDocumentDays })],
  [ranges.ROTATION_MINUTES, (rotationMinutes) => ({ rotationMinutes })],
  ...ALARM_NAMES.map(
    (name) =>
      [
        ranges.alarmRange(name),
        (value: number) => ({ rotationMinutes: 1, alarmThresholds: { [name]: value } }),
      ] as const,
  ),
]

test.each(NUMBERS)(
  'settings take the numbers that the construct takes: %o',
  (range, settingsOf) => {
    const { min, max } = range
    for (const value of [min - 1, min, max, max + 1]) {
      const settings = settingsOf(value)
      const count = value < min || value > max ? 1 : 0
      expect(problemsOf({ ...NEEDED, ...settings }), `settings with ${value}`).toHaveLength(count)
      expect(propsProblems({ ...NEEDED, ...settings }), `props with ${value}`).toHaveLength(count)
    }
  },
)

test('no message repeats an ARN or an address', () => {
  const problems = problemsOf({
    domainNames: ['oidc.signet.internal'],
    certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/x',
    webAclArn: 'arn:aws:wafv2:111122223333',
    alarmEmail: 'operations@example.com',
  })
  expect(problems).toHaveLength(3)
  expect(problems.join(' ')).not.toMatch(/111122223333|operations/)
})

test('custody kms-wrapped needs the key that wraps', () => {
  expect(problemsOf({ ...NEEDED, wrappedKeys: false, defaultCustody: 'kms-wrapped' })).toEqual([
    'defaultCustody must be "kms" where wrappedKeys is false, got "kms-wrapped": change one of the two',
  ])
  expect(problemsOf({ ...NEEDED, wrappedKeys: false, defaultCustody: 'kms' })).toEqual([])
})

test.each<[settings: object, problem: RegExp]>([
  [
    { rotationMinutes: 20, alarmThresholds: { rotationSilenceMinutes: 39 } },
    /^alarmThresholds\.rotationSilenceMinutes must be at least 40, twice rotationMinutes, got 39/,
  ],
  [
    { bucketNames: { documents: 'ours', staticCopies: 'ours' } },
    /^bucketNames must name two buckets, got "ours" for both/,
  ],
])('settings that do not go together are refused as by the construct: %j', (settings, problem) => {
  const problems = problemsOf({ ...NEEDED, ...settings })
  expect(problems).toEqual([expect.stringMatching(problem)])
  expect(propsProblems({ ...NEEDED, ...settings })).toEqual(problems)
})

async function statusesOf(settings: object): Promise<string | undefined> {
  const { template } = await synthesized({ ...TEST_SETTINGS, ...settings })
  const [[, { Properties }] = ['', { Properties: {} }]] = resourcesOf(
    template,
    'AWS::CloudFront::Distribution',
  )
  return JSON.stringify(Properties).match(/"StatusCodes":\{"Items":(\[[\d,]+\])/)?.[1]
}

test('throttled documents come from their copies unless the settings say otherwise', async () => {
  expect(await statusesOf({ rotationMinutes: 15 })).toBe('[429,500,502,503,504]')
  expect(await statusesOf({ fallbackOnThrottling: false })).toBe('[500,502,503,504]')
})

test('several unknown members are told in one line', () => {
  expect(problemsOf({ ...NEEDED, domainName: '', alarmMail: '' })).toEqual([
    'domainName (did you mean domainNames?), alarmMail (did you mean alarmEmail?) are not known',
  ])
  expect(problemsOf({ ...NEEDED, domainName: '', x: '' })).toEqual([
    expect.stringMatching(
      /^domainName \(did you mean domainNames\?\), x are not known: known are st/,
    ),
  ])
})

test.each(Object.keys(EVERY_SETTING).filter((name) => !(name in NEEDED)))(
  '%s may be left out, and its sentence says so',
  (name) => {
    expect(problemsOf({ ...NEEDED, [name]: null })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must be .*, or left out, got null$`)),
    ])
  },
)
