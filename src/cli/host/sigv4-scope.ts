/**
 * What a request to the control API on AWS is signed for, by its host: the service that checks the signature, and where.
 *
 * Hosts that AWS gives name both. Any other is taken for a custom domain of API Gateway, whose region is a setting.
 */

import { isLoopbackUrl } from '../../issuers/issuer-identifier.ts'
import { usageError } from '../exit.ts'

export interface SigV4Scope {
  readonly service: 'execute-api' | 'lambda'
  readonly region: string
}

type Environment = Readonly<Record<string, string | undefined>>

const API_GATEWAY_HOST = /^[a-z\d-]+\.execute-api\.([a-z\d-]+)\.amazonaws\.com(?:\.cn)?$/
const FUNCTION_URL_HOST = /^[a-z\d-]+\.lambda-url\.([a-z\d-]+)\.on\.aws$/

/** Throws a usage error where nothing names the region. */
export function sigV4Scope(url: URL, env: Environment): SigV4Scope {
  // A name with a dot at its end is the same name (RFC 1034 §3.1).
  const host = url.hostname.replace(/\.$/, '')
  const gatewayRegion = API_GATEWAY_HOST.exec(host)?.[1]
  if (gatewayRegion !== undefined) return { service: 'execute-api', region: gatewayRegion }
  const functionRegion = FUNCTION_URL_HOST.exec(host)?.[1]
  if (functionRegion !== undefined) return { service: 'lambda', region: functionRegion }
  const region = regionOf(env)
  if (region !== undefined) return { service: 'execute-api', region }
  throw usageError(
    isLoopbackUrl(url)
      ? '--url of this machine needs --secret-file, which a Signet that runs here takes: give it, or set AWS_REGION to sign for an emulator of API Gateway'
      : '--url alone is signed for AWS, and this host names no region: set AWS_REGION to that of the custom domain, or give the --secret-file of an installation elsewhere',
  )
}

function regionOf(env: Environment): string | undefined {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
    const region = env[name] ?? ''
    if (/^[a-z\d-]{1,64}$/.test(region)) return region
    if (region !== '') {
      throw usageError(`${name} must name an AWS region, such as eu-central-1, got something else`)
    }
  }
  return undefined
}
