/**
 * What AWS takes, where a deployment says it more than once: rules of the settings of the app and of the parameters of the
 * released template.
 *
 * Patterns are texts without anchors, in what JavaScript and CloudFormation both read.
 */

import { aws_logs as logs } from 'aws-cdk-lib'

/** CloudFront's quota of alternate names of one distribution. */
export const DOMAIN_NAMES_MAX = 100

const DOMAIN_NAME_CHARS_MAX = 253
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
/** No top-level domain begins with a digit, so an address of IPv4 is no host name here. */
const LAST_LABEL = '[a-z]([a-z0-9-]{0,61}[a-z0-9])?'

/** In lower case, of two labels at least. */
export const HOST_NAME_PATTERN = String.raw`(${LABEL}\.)+${LAST_LABEL}`

/** CloudFront takes certificates of this region alone. */
export const CERTIFICATE_REGION = 'us-east-1'

export const CERTIFICATE_ARN_PATTERN = String.raw`arn:aws:acm:${CERTIFICATE_REGION}:\d{12}:certificate/[\w-]+`

const HOST_NAME = wholly(HOST_NAME_PATTERN)

/** Days that CloudWatch Logs keeps for; it takes no other number. "For ever" is no number of days. */
export const LOG_RETENTION_DAYS: readonly number[] = Object.values(logs.RetentionDays)
  .filter((days) => typeof days === 'number')
  .filter((days) => days !== logs.RetentionDays.INFINITE)
  .toSorted((one, other) => one - other)

export function isHostName(name: string): boolean {
  return name.length <= DOMAIN_NAME_CHARS_MAX && HOST_NAME.test(name)
}

/** The expression for a whole text of this pattern. */
export function wholly(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`)
}
