/**
 * What the HTTP suite wants of a host: requests as they are on the wire, and nothing of how the host runs.
 *
 * Each runtime has a maker; the suite runs unchanged on all of them.
 */

import { createHash, randomBytes } from 'node:crypto'
import type { Custody, KeyCustody } from '../../../src/signers/key-manager.ts'

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

/** What differs from host to host, so that no case has to know which one it runs on. */
export interface HostTraits {
  /** Those that issuers may have; the first is the one of who does not say. */
  readonly custodies: readonly [KeyCustody, ...Custody[]]
  /** Of an issuer with a key: its document is written with the key, or before it, with its place, and with it. */
  readonly revisionWhenNew: 1 | 3
  /** What the control API answers to whoever it does not know. */
  readonly unauthorized: {
    readonly status: number
    /** `undefined`: it is not the host that answers. */
    readonly error: string | undefined
    readonly challenge: string | undefined
  }
  /** What the entrance makes of the escapes in a path before the host sees it. */
  readonly pathEscapes: 'kept' | 'decoded'
  /** What becomes of a request that names its host by an IPv6 address. */
  readonly ipv6Hosts: 'answered' | 'refused'
  /** Whether the keys of subject issuers on this machine are fetched, no address is but public ones, or none is trusted. */
  readonly subjectIssuersHere: 'asked' | 'refused' | 'not trusted'
  /** What a request finds whose host no issuer has: those of the installation, which is on this machine, or nothing. */
  readonly foreignHosts: 'own issuers' | 'no issuer'
  /** A CDN refuses other methods than a resource has, knows no ports, and has copies of documents that the host fails to give. */
  readonly standsBefore: 'nothing' | 'cdn'
}

/** Of a host with a control secret that makes its keys itself. */
export const USUAL_TRAITS: HostTraits = {
  custodies: ['sealed', 'none'],
  revisionWhenNew: 1,
  unauthorized: { status: 401, error: 'invalid_token', challenge: 'Bearer' },
  pathEscapes: 'kept',
  ipv6Hosts: 'answered',
  subjectIssuersHere: 'asked',
  foreignHosts: 'own issuers',
  standsBefore: 'nothing',
}

export interface TestHost {
  readonly name: string
  readonly traits: HostTraits
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
  /** `CONTROL_TRUST`. Default: no token opens the control API. */
  readonly controlTrust?: readonly object[]
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
  readonly CONTROL_TRUST?: string
}

/** Marked, so that a search of what a host says finds them. */
export const SEALED_SECRET = Buffer.from('marked-sealed-secret-0123456789!').toString('base64')

export function newControlSecret(): string {
  return `marked-control-secret-${randomBytes(24).toString('hex')}`
}

export function testSettings(
  baseUrl: string,
  controlSecret: string,
  { control = 'on', hostAliases, controlTrust }: TestHostOptions,
): TestSettings {
  const settings = {
    PUBLIC_URL: baseUrl,
    DEPLOYMENT: 'test',
    SEALED_SECRET,
    ...(hostAliases === undefined ? {} : { HOST_ALIASES: hostAliases }),
    ...(controlTrust === undefined ? {} : { CONTROL_TRUST: JSON.stringify(controlTrust) }),
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
