/**
 * What the HTTP suite wants of a host: requests as they are on the wire, and nothing of how the host runs.
 *
 * Each runtime has a maker; the suite runs unchanged on all of them.
 */

import { createHash, randomBytes } from 'node:crypto'

export interface TestRequest {
  readonly headers?: Readonly<Record<string, string>>
  /** A list is sent in pieces without `Content-Length`. */
  readonly body?: string | Uint8Array<ArrayBuffer> | readonly string[]
}

export interface TestResponse {
  readonly status: number
  /** Names in lower case; without those that belong to the connection. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TestHost {
  readonly name: string
  /** What issuers are named below; also where the host is reached, unless another was asked for. */
  readonly baseUrl: string
  readonly controlSecret: string
  /** `rawPath` goes out as it is given, as far as the host's own entrance lets it. */
  request(method: string, rawPath: string, init?: TestRequest): Promise<TestResponse>
  /** The log records so far, one line each. */
  logLines(): readonly string[]
  /** What the public routes read of an issuer becomes something that is no document. */
  breakIssuer(id: string): Promise<void>
  close(): Promise<void>
}

export interface TestHostOptions {
  /** Default: on. Off is a host whose control secret is not configured. */
  readonly control?: 'on' | 'off'
  /** Default: a random one. */
  readonly controlSecret?: string
  /** Default: where the host is reached. */
  readonly publicUrl?: string
  /** Default: none but the names of this machine. */
  readonly hostAliases?: string
}

export interface TestSettings {
  readonly PUBLIC_URL: string
  readonly HOST_ALIASES?: string
  readonly DEPLOYMENT: string
  readonly SEALED_SECRET: string
  readonly CONTROL_SECRET_SHA256?: string
}

/** Marked, so that a search of what a host says finds them. */
export const SEALED_SECRET = Buffer.from('marked-sealed-secret-0123456789!').toString('base64')

export function newControlSecret(): string {
  return `marked-control-secret-${randomBytes(24).toString('hex')}`
}

export function testSettings(
  baseUrl: string,
  controlSecret: string,
  { control = 'on', hostAliases }: TestHostOptions,
): TestSettings {
  const settings = {
    PUBLIC_URL: baseUrl,
    DEPLOYMENT: 'test',
    SEALED_SECRET,
    ...(hostAliases === undefined ? {} : { HOST_ALIASES: hostAliases }),
  }
  if (control === 'off') return settings
  const digest = createHash('sha256').update(controlSecret).digest('hex')
  return { ...settings, CONTROL_SECRET_SHA256: digest }
}

/** Of the connection, not of the answer: which of them there are is the transport's choice. */
const TRANSPORT_HEADERS: readonly string[] = [
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
]

export function answerHeaders(
  headers: Iterable<readonly [string, string]>,
): Record<string, string> {
  const named = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(named.filter(([name]) => !TRANSPORT_HEADERS.includes(name)))
}

/** Marked too: of a document that cannot be read, nothing is shown. */
export const NO_DOCUMENT = '{"keyRef":"marked-key-reference","version"'
