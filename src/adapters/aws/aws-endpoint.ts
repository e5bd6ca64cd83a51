/**
 * Where a service of AWS is, for calls that are made without the SDK: in its region, or where a setting says.
 */

import { textOf } from '../../config/setting.ts'
import { isLoopbackUrl } from '../../issuers/issuer-identifier.ts'

export function awsEndpoint(service: string, region: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return `https://${service}.${region}.${suffix}`
}

/** `undefined` where nothing is set, and where it is wrong, which `problems` then says. */
export function parseEndpoint(
  name: string,
  value: unknown,
  problems: string[],
): string | undefined {
  const endpoint = textOf(value)
  if (endpoint === '') return undefined
  if (isEndpoint(endpoint)) return endpoint
  problems.push(
    `${name} must be an https URL, or an http URL of this machine, without path and query, got something else: correct it or leave it out`,
  )
  return undefined
}

/** An https URL, or an http URL of this machine, and nothing but its origin. */
function isEndpoint(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.origin !== text.replace(/\/$/, '')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackUrl(url))
}
