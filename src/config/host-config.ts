/**
 * Configuration that every host has, parsed once at the edge with every problem reported.
 *
 * A problem says what is allowed and what was given.
 */

import { identifierProblem, isLoopbackUrl } from '../issuers/issuer-identifier.ts'
import { shown } from '../printable.ts'
import { isUnset } from './setting.ts'

export interface HostConfig {
  /** Base of new issuers' identifiers, without a trailing slash. */
  readonly publicUrl: string
  /**
   * Hosts at which a local installation is reached, each as in a `Host` header; `undefined` where the installation is
   * not local. A browser on the same machine can be made to call a loopback address, so these are checked.
   */
  readonly localHosts: readonly string[] | undefined
  /** Other hosts at which the issuers below `publicUrl` are served, each as `URL` has a host. */
  readonly hostAliases: readonly string[]
  /** Names the installation inside its keys. */
  readonly deployment: string
}

/** Unchecked settings, by name. */
export interface HostSettings {
  readonly PUBLIC_URL?: unknown
  readonly HOST_ALIASES?: unknown
  readonly DEPLOYMENT?: unknown
}

const DEPLOYMENT = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/
const PLACEHOLDER_HOST = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test)\.?$/
/** `undefined` where something is wrong; `problems` then has more. */
export function parseHostConfig(
  settings: HostSettings,
  problems: string[],
): HostConfig | undefined {
  const before = problems.length
  const publicUrl = parsePublicUrl(settings.PUBLIC_URL, problems)
  const aliases = parseHostAliases(settings.HOST_ALIASES, problems)
  const deployment = parseDeployment(settings.DEPLOYMENT, problems)
  if (problems.length > before || publicUrl === undefined) return undefined
  const localHosts = localHostsOf(publicUrl)
  return Object.freeze({
    publicUrl,
    localHosts,
    hostAliases: [...aliases, ...(localHosts ?? [])],
    deployment,
  })
}

function parsePublicUrl(value: unknown, problems: string[]): string | undefined {
  const text = typeof value === 'string' ? value : ''
  const problem =
    identifierProblem('PUBLIC_URL', text) ?? pathProblem(text) ?? placeholderProblem(text)
  if (problem === undefined) return text
  problems.push(problem)
  return undefined
}

/** Issuers are served right below the host. */
function pathProblem(publicUrl: string): string | undefined {
  const { origin, pathname } = new URL(publicUrl)
  if (pathname === '/') return undefined
  return `PUBLIC_URL must have no path, got ${shown(publicUrl)}: use ${shown(origin)}`
}

/** An issuer's URL is fixed for ever, so none may begin under a name that nobody can own (RFC 2606, RFC 6761). */
function placeholderProblem(publicUrl: string): string | undefined {
  const { hostname } = new URL(publicUrl)
  if (!PLACEHOLDER_HOST.test(hostname)) return undefined
  return `PUBLIC_URL is the placeholder: set it to the URL at which this host is reached, got ${shown(publicUrl)}`
}

function parseHostAliases(value: unknown, problems: string[]): string[] {
  if (isUnset(value)) return []
  const hosts = typeof value === 'string' ? value.split(',').map((host) => host.trim()) : ['']
  const wrong = hosts.find((host) => URL.parse(`https://${host}`)?.host !== host)
  if (wrong === undefined) return hosts
  problems.push(
    `HOST_ALIASES must be host names in lower case with commas between them, got ${shown(wrong)} among them: give each as it stands in a URL`,
  )
  return []
}

function localHostsOf(publicUrl: string): string[] | undefined {
  const url = new URL(publicUrl)
  if (!isLoopbackUrl(url)) return undefined
  const port = url.port === '' ? '' : `:${url.port}`
  return ['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}${port}`)
}

function parseDeployment(value: unknown, problems: string[]): string {
  if (typeof value === 'string' && DEPLOYMENT.test(value)) return value
  problems.push(
    `DEPLOYMENT must be 1 to 32 lower-case letters, digits and inner hyphens, got ${shown(value)}: name this installation, and keep the name`,
  )
  return ''
}
