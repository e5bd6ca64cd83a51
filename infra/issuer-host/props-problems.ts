/**
 * What is wrong with what an issuer host was told, a sentence each, before anything is made of it.
 *
 * What CDK does not know yet (its tokens) is not looked at. A sentence repeats no ARN: that has the account in it.
 */

import { Token } from 'aws-cdk-lib'
import { parseHostConfig } from '../../src/config/host-config.ts'
import { shown } from '../../src/printable.ts'
import { CERTIFICATE_ARN_PATTERN, DOMAIN_NAMES_MAX, isHostName, wholly } from '../aws-rules.ts'
import { ALARM_NAMES } from './alarm-thresholds.ts'
import { LAMBDA_NAMES } from './each-function.ts'
import {
  ISSUER_HOST_DEFAULTS,
  type RouteThrottle,
  type SignetIssuerHostProps,
} from './issuer-host-props.ts'
import {
  alarmRange,
  CONCURRENCY,
  MEMORY_MB,
  NONCURRENT_DAYS,
  type NumberRange,
  ROTATION_MINUTES,
  THROTTLE_REQUESTS,
  TIMEOUT_SECONDS,
} from './number-ranges.ts'
import { type RelatedSettings, relationProblems } from './related-settings.ts'

const CERTIFICATE_ARN = wholly(CERTIFICATE_ARN_PATTERN)

export function propsProblems(props: SignetIssuerHostProps): string[] {
  const alone = [
    ...domainNameProblems(props.domainNames),
    ...certificateProblems(props.certificateArn),
    ...deploymentProblems(props.deployment ?? ISSUER_HOST_DEFAULTS.deployment),
    ...sizeProblems(props),
    ...throttleProblems(props),
    ...thresholdProblems(props),
    ...numberProblems('noncurrentDocumentDays', props.noncurrentDocumentDays, NONCURRENT_DAYS),
    ...numberProblems('rotationMinutes', props.rotationMinutes, ROTATION_MINUTES),
    ...accessLogProblems(props),
  ]
  // Between two that are wrong by themselves there is nothing to say.
  return alone.length > 0 ? alone : relationProblems(relatedSettings(props))
}

function relatedSettings(props: SignetIssuerHostProps): RelatedSettings {
  return {
    ...props,
    rotationMinutes: knownNumber(props.rotationMinutes),
    rotationSilenceMinutes: knownNumber(props.alarmThresholds?.rotationSilenceMinutes),
  }
}

function knownNumber(value: number | undefined): number | undefined {
  return Token.isUnresolved(value) ? undefined : value
}

function domainNameProblems(names: readonly string[]): string[] {
  if (Token.isUnresolved(names)) return []
  if (names.length === 0 || names.length > DOMAIN_NAMES_MAX) {
    return [
      `domainNames must have 1 to ${DOMAIN_NAMES_MAX} names, got ${names.length}: the first is the host of PUBLIC_URL`,
    ]
  }
  const known = names.filter((name) => !Token.isUnresolved(name))
  const twice = known.find((name, index) => known.indexOf(name) !== index)
  return [
    ...known.flatMap(domainNameProblem),
    ...(twice === undefined ? [] : [`domainNames must name each once, got ${shown(twice)} twice`]),
  ]
}

function domainNameProblem(name: string): string[] {
  if (!isHostName(name)) {
    return [
      `domainNames must be host names in lower case such as "oidc.your-domain", without scheme, port or wildcard, got ${shown(name)}`,
    ]
  }
  const problems: string[] = []
  // The functions would refuse every request, so their own rule is asked.
  parseHostConfig({ PUBLIC_URL: `https://${name}`, DEPLOYMENT: 'signet' }, problems)
  return problems.map((problem) => `domainNames has a name that cannot be used: ${problem}`)
}

function certificateProblems(arn: string): string[] {
  if (Token.isUnresolved(arn) || CERTIFICATE_ARN.test(arn)) return []
  return [
    'certificateArn must be the ARN of a certificate of AWS Certificate Manager in us-east-1, got something else: CloudFront takes certificates of no other region',
  ]
}

function deploymentProblems(deployment: string): string[] {
  if (Token.isUnresolved(deployment)) return []
  const problems: string[] = []
  parseHostConfig({ PUBLIC_URL: 'https://localhost', DEPLOYMENT: deployment }, problems)
  return problems.map((problem) => problem.replace(/^DEPLOYMENT/, 'deployment'))
}

function sizeProblems({ functions }: SignetIssuerHostProps): string[] {
  return LAMBDA_NAMES.flatMap((name) => {
    const { memoryMb, timeoutSeconds, concurrency } = functions?.[name] ?? {}
    const of = `functions.${name}`
    return [
      ...numberProblems(`${of}.memoryMb`, memoryMb, MEMORY_MB),
      ...numberProblems(`${of}.timeoutSeconds`, timeoutSeconds, TIMEOUT_SECONDS[name]),
      ...numberProblems(`${of}.concurrency`, concurrency, CONCURRENCY),
    ]
  })
}

function throttleProblems({ throttle = {} }: SignetIssuerHostProps): string[] {
  return Object.entries(throttle).flatMap(([name, limit]: [string, RouteThrottle | undefined]) => [
    ...numberProblems(`throttle.${name}.ratePerSecond`, limit?.ratePerSecond, THROTTLE_REQUESTS),
    ...numberProblems(`throttle.${name}.burst`, limit?.burst, THROTTLE_REQUESTS),
  ])
}

function thresholdProblems({ alarmThresholds = {} }: SignetIssuerHostProps): string[] {
  return ALARM_NAMES.flatMap((name) =>
    numberProblems(`alarmThresholds.${name}`, alarmThresholds[name], alarmRange(name)),
  )
}

function accessLogProblems({ accessLogs, bucketNames = {} }: SignetIssuerHostProps): string[] {
  if (accessLogs === undefined) return []
  return Object.entries(bucketNames).flatMap(([name, bucket]) =>
    bucket === accessLogs.bucketName
      ? [`accessLogs must be another bucket than bucketNames.${name}: that one takes no logs`]
      : [],
  )
}

function numberProblems(
  name: string,
  value: number | undefined,
  { min, max }: NumberRange,
): string[] {
  if (value === undefined || Token.isUnresolved(value)) return []
  if (Number.isSafeInteger(value) && value >= min && value <= max) return []
  return [`${name} must be a whole number from ${min} to ${max}, got ${value}`]
}
