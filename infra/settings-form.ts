/**
 * The form of `infra/deployment.json`: its members, each with what it takes. What a member means, the table in
 * `docs/runbook.md#settings` says.
 *
 * A message says what is allowed; where it stands and what was given, `settings-problems.ts` adds.
 */

import * as z from 'zod/mini'
import type { LambdaName } from '../functions/bundle.ts'
import { parseHostConfig } from '../src/config/host-config.ts'
import { shown } from '../src/printable.ts'
import * as rules from './aws-rules.ts'
import { ALARM_DEFAULTS, type AlarmThresholds } from './issuer-host/alarm-thresholds.ts'
import * as ranges from './issuer-host/number-ranges.ts'
import * as parts from './settings-parts.ts'
import type { IssueParams } from './settings-problems.ts'

const CERTIFICATE_ARN = rules.wholly(rules.CERTIFICATE_ARN_PATTERN)
const CERTIFICATE_ELSEWHERE = /^arn:aws[a-z-]*:acm:(?<region>[a-z0-9-]{1,32}):/
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/
/** Of China, of governments and of Europe's own cloud: none has the CloudFront that this host is made for. */
const OTHER_PARTITION = /^(?:cn|us-gov|us-iso[a-z]*|eu-iso[a-z]*|eusc)-/
const STACK_NAME = /^[A-Za-z](?:[A-Za-z0-9-]{0,126}[A-Za-z0-9])?$/
const HOSTED_ZONE_ID = /^Z[A-Z0-9]{1,31}$/
const FUNCTION_NAME = /^[\w-]{1,64}$/
const BUCKET_NAME = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const WEB_ACL_ARN = /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]{1,128}\/[0-9a-f-]{36}$/
const EMAIL = /^[^\s@,;]{1,64}@([^\s@,;]{1,253})$/
const SEVERAL_EMAILS = /@.*[\s,;].*@/
const PRICE_CLASSES = ['PriceClass_100', 'PriceClass_200', 'PriceClass_All'] as const
const CUSTODIES = ['kms', 'kms-wrapped'] as const

/** What stands in the example for one's own. */
const PLACEHOLDER =
  /^arn:aws:acm:us-east-1:ACCOUNT:certificate\/ID$|^HOSTED_ZONE_ID$|(?:^|[.@])example\.com$/

/** `what`: the text that belongs there. */
function placeholderHint(what: string): parts.Hint {
  return (given) => {
    if (!PLACEHOLDER.test(given)) return undefined
    return { sentence: `is still the placeholder: set it to ${what}` }
  }
}

/** By the rule of the functions themselves, which would refuse every request. */
function isOwnable(name: string): boolean {
  return parseHostConfig({ PUBLIC_URL: `https://${name}`, DEPLOYMENT: 'signet' }, []) !== undefined
}

function isDeployment(name: string): boolean {
  return parseHostConfig({ PUBLIC_URL: 'https://localhost', DEPLOYMENT: name }, []) !== undefined
}

function isEmail(address: string): boolean {
  const domain = EMAIL.exec(address)?.[1]
  return domain !== undefined && rules.isHostName(domain) && isOwnable(domain)
}

function emailHint(given: string): IssueParams | undefined {
  if (SEVERAL_EMAILS.test(given)) return { given: 'several' }
  return placeholderHint('an address of e-mail of yours, or leave it out')(given)
}

const domainName = parts.ruled(
  'must be a host name of yours in lower case such as "oidc.your-domain"',
  (name) => rules.isHostName(name) && isOwnable(name),
  placeholderHint('a host name of yours'),
)

const LIST_OF_DOMAIN_NAMES = `must be a list of 1 to ${rules.DOMAIN_NAMES_MAX} host names, each once`

const domainNames = z
  .array(domainName, LIST_OF_DOMAIN_NAMES)
  .check(
    z.minLength(1, { error: LIST_OF_DOMAIN_NAMES, abort: true }),
    z.maxLength(rules.DOMAIN_NAMES_MAX, { error: LIST_OF_DOMAIN_NAMES, abort: true }),
    ({ value, issues }) => {
      const twice = value.find((name, index) => value.indexOf(name) !== index)
      if (twice === undefined) return
      const params = { given: `${shown(twice)} twice` } satisfies IssueParams
      issues.push({ code: 'custom', message: LIST_OF_DOMAIN_NAMES, input: value, params })
    },
  )

const certificateArn = parts.ruled(
  `must be the ARN of an ACM certificate in ${rules.CERTIFICATE_REGION}, where CloudFront looks for it`,
  (arn) => CERTIFICATE_ARN.test(arn),
  (given) => {
    const region = CERTIFICATE_ELSEWHERE.exec(given)?.groups?.['region']
    if (region === undefined || region === rules.CERTIFICATE_REGION) {
      return placeholderHint('the ARN of your certificate for all of domainNames')(given)
    }
    return { given: `one of ${region}: request one with --region ${rules.CERTIFICATE_REGION}` }
  },
)

const region = parts.optionalRuled(
  'must be an AWS region such as "eu-central-1"',
  (name) => REGION.test(name) && !OTHER_PARTITION.test(name),
  (given) =>
    OTHER_PARTITION.test(given) && REGION.test(given)
      ? {
          given: `${shown(given)}: it is outside the partition aws, where there is no such CloudFront`,
        }
      : undefined,
)

function functionOptions(name: LambdaName) {
  return parts.optionalForm({
    name: parts.optionalMatching(FUNCTION_NAME, 'must be 1 to 64 letters, digits, - and _'),
    memoryMb: parts.optionalAmount(ranges.MEMORY_MB, 'MB of memory'),
    timeoutSeconds: parts.optionalAmount(
      ranges.TIMEOUT_SECONDS[name],
      `seconds that ${name} may run`,
    ),
    concurrency: parts.optionalAmount(ranges.CONCURRENCY, 'instances at once'),
  })
}

const rate = parts.optionalForm({
  ratePerSecond: parts.amount(ranges.THROTTLE_REQUESTS, 'requests a second'),
  burst: parts.amount(ranges.THROTTLE_REQUESTS, 'requests at once'),
})

const bucketName = parts.optionalMatching(
  BUCKET_NAME,
  'must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and single dots, no IP address',
)

const hostedZone = parts.optionalForm({
  id: parts.ruled(
    'must be the id of a Route 53 hosted zone such as "Z0123456789"',
    (id) => HOSTED_ZONE_ID.test(id),
    placeholderHint('the id of your Route 53 hosted zone, or leave hostedZone out'),
  ),
  name: domainName,
})

const alarmThresholds = parts.optionalForm(
  Object.fromEntries(
    (Object.keys(ALARM_DEFAULTS) as (keyof AlarmThresholds)[]).map((name) => [
      name,
      parts.optionalAmount(ranges.alarmRange(name), 'what an alarm goes off at'),
    ]),
  ) as Record<keyof AlarmThresholds, z.ZodMiniExactOptional<z.ZodMiniNumber>>,
)

export const settingsForm = parts.formOf(
  {
    stackName: z._default(
      parts.optionalMatching(
        STACK_NAME,
        'must be 1 to 128 letters, digits and inner hyphens, a letter first',
      ),
      'signet',
    ),
    region,
    domainNames,
    certificateArn,
    hostedZone,
    deployment: parts.optionalText(
      'must be 1 to 32 lower-case letters, digits and inner hyphens',
      isDeployment,
    ),
    wrappedKeys: parts.optionalBoolean(),
    defaultCustody: parts.optionalOneOf(CUSTODIES),
    alarmEmail: parts.optionalRuled(
      'must be one address of e-mail of yours such as "operations@your-domain"',
      isEmail,
      emailHint,
    ),
    logRetentionDays: parts.optionalNumberOf(rules.LOG_RETENTION_DAYS),
    noncurrentDocumentDays: parts.optionalAmount(
      ranges.NONCURRENT_DAYS,
      'days for which an older version of a document is kept',
    ),
    rotationMinutes: parts.optionalAmount(ranges.ROTATION_MINUTES, 'minutes between rotations'),
    priceClass: parts.optionalOneOf(PRICE_CLASSES),
    fallbackOnThrottling: parts.optionalBoolean(),
    webAclArn: parts.optionalMatching(
      WEB_ACL_ARN,
      'must be the ARN of a web ACL of AWS WAF for CloudFront, in us-east-1',
    ),
    bucketNames: parts.optionalForm({ documents: bucketName, staticCopies: bucketName }),
    functions: parts.optionalForm({
      http: functionOptions('http'),
      control: functionOptions('control'),
      rotate: functionOptions('rotate'),
    }),
    throttle: parts.optionalForm({ tokens: rate, documents: rate, others: rate, control: rate }),
    alarmThresholds,
  },
  'must be an object',
)
