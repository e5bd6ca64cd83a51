/**
 * Configuration of a host, parsed once at the edge with every problem reported.
 *
 * A problem says what is allowed and what was given; of a secret it says the length only.
 */

import { type Bytes, decodeBase64Url } from './crypto/base64url.ts'
import { identifierProblem, isLoopbackUrl } from './issuers/issuer-identifier.ts'
import { shown } from './printable.ts'

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
  /** Names the installation inside its sealed keys. */
  readonly deployment: string
  readonly sealedSecrets: SealedSecrets
  /** SHA-256 of the control secret; without it there is no control API. */
  readonly controlSecretDigest: Bytes | undefined
}

export interface SealedSecrets {
  readonly current: Bytes
  /** Opens what was sealed before the secrets were exchanged. */
  readonly previous?: Bytes
}

/** Unchecked settings, by name. */
export interface HostSettings {
  readonly PUBLIC_URL?: unknown
  readonly HOST_ALIASES?: unknown
  readonly DEPLOYMENT?: unknown
  readonly SEALED_SECRET?: unknown
  readonly SEALED_SECRET_PREVIOUS?: unknown
  readonly CONTROL_SECRET_SHA256?: unknown
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: HostConfig }
  | { readonly ok: false; readonly problems: readonly string[] }

const SECRET_BYTES_MIN = 32
const DEPLOYMENT = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/
const PLACEHOLDER_HOST = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test)\.?$/
const SHA256_HEX = /^[0-9a-f]{64}$/
/** What "printf %s $SECRET | sha256sum" prints while SECRET is unset. */
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export function parseConfig(settings: HostSettings): ParsedConfig {
  const problems: string[] = []
  const publicUrl = parsePublicUrl(settings.PUBLIC_URL, problems)
  const aliases = parseHostAliases(settings.HOST_ALIASES, problems)
  const deployment = parseDeployment(settings.DEPLOYMENT, problems)
  const current = parseSecret('SEALED_SECRET', settings.SEALED_SECRET, problems)
  const previous = isUnset(settings.SEALED_SECRET_PREVIOUS)
    ? undefined
    : parseSecret('SEALED_SECRET_PREVIOUS', settings.SEALED_SECRET_PREVIOUS, problems)
  const controlSecretDigest = parseDigest(settings.CONTROL_SECRET_SHA256, problems)
  if (problems.length > 0 || publicUrl === undefined || current === undefined) {
    return { ok: false, problems }
  }
  const sealedSecrets = previous === undefined ? { current } : { current, previous }
  const localHosts = localHostsOf(publicUrl)
  return {
    ok: true,
    config: Object.freeze({
      publicUrl,
      localHosts,
      hostAliases: [...aliases, ...(localHosts ?? [])],
      deployment,
      sealedSecrets,
      controlSecretDigest,
    }),
  }
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === ''
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

function parseSecret(name: string, value: unknown, problems: string[]): Bytes | undefined {
  const bytes = typeof value === 'string' ? decodeSecret(value) : undefined
  if (bytes !== undefined && bytes.length >= SECRET_BYTES_MIN) return bytes
  const given = isUnset(value) ? 'nothing' : bytes ? `${bytes.length} bytes` : 'something else'
  problems.push(
    `${name} must be at least ${SECRET_BYTES_MIN} random bytes in base64, got ${given}: make it with "openssl rand -base64 32"`,
  )
  return undefined
}

/** Takes both alphabets of base64, with and without padding. */
function decodeSecret(text: string): Bytes | undefined {
  const plain = text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  if (!/^[\w-]+$/.test(plain)) return undefined
  try {
    return decodeBase64Url(plain)
  } catch {
    return undefined
  }
}

function parseDigest(value: unknown, problems: string[]): Bytes | undefined {
  if (isUnset(value)) return undefined
  const hex = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (hex === SHA256_OF_NOTHING) {
    problems.push(
      'CONTROL_SECRET_SHA256 is the SHA-256 of an empty text, so the secret was not set when it was made: make it again',
    )
    return undefined
  }
  if (SHA256_HEX.test(hex)) {
    return Uint8Array.from({ length: 32 }, (_, i) =>
      Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
    )
  }
  problems.push(
    'CONTROL_SECRET_SHA256 must be the SHA-256 of the control secret as 64 hex digits, got something else: make it with "printf %s SECRET | sha256sum"',
  )
  return undefined
}
