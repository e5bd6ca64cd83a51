/**
 * The control API as the tests call it.
 */

import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { TestHost, TestRequest, TestResponse } from './test-host.ts'

export interface ControlRequest extends TestRequest {
  /** Sent as `application/json`. */
  readonly json?: unknown
}

export interface CreatedIssuer {
  readonly id: string
  readonly issuer: string
  readonly revision: number
}

/** `path` is below `/control`. */
export async function control(
  host: TestHost,
  method: string,
  path: string,
  { json, headers = {}, ...rest }: ControlRequest = {},
): Promise<TestResponse> {
  const authorization = { Authorization: `Bearer ${host.controlSecret}` }
  const type = json === undefined ? {} : { 'Content-Type': 'application/json' }
  return host.request(method, `/control${path}`, {
    ...rest,
    headers: { ...authorization, ...type, ...headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
}

export function newIssuerId(): string {
  return `t-${randomUUID()}`
}

/** An issuer of its own for a test, with the algorithm whose keys are made fast. */
export async function createIssuer(host: TestHost, policy: object = {}): Promise<CreatedIssuer> {
  const json = { id: newIssuerId(), policy: { algorithm: 'ES256', ...policy } }
  const response = await control(host, 'POST', '/issuers', { json })
  expect(response.status, `answered ${response.body}`).toBe(201)
  return bodyOf<CreatedIssuer>(response)
}

/** The revision of an issuer with a key of its own, after so many changes since it was created. */
export function revisionAfter({ traits }: TestHost, changes: number): number {
  return traits.revisionWhenNew + changes
}

export function etagAfter(host: TestHost, changes: number): string {
  return `"${revisionAfter(host, changes)}"`
}

/** One that only publishes, with a URL of its own where one is given. */
export async function createPublishOnly(host: TestHost, issuer?: string): Promise<CreatedIssuer> {
  const policy = { custody: 'none' }
  const json = { id: newIssuerId(), policy, ...(issuer === undefined ? {} : { issuer }) }
  const response = await control(host, 'POST', '/issuers', { json })
  expect(response.status, `answered ${response.body}`).toBe(201)
  return bodyOf<CreatedIssuer>(response)
}

export interface AdoptRequest {
  /** A JWK Set or a JWK as JSON; text as it is. */
  readonly keys: object | string
  /** Default: by what `keys` is. */
  readonly type?: string
  /** With its question mark. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
}

export async function adopt(
  host: TestHost,
  id: string,
  { keys, type, query = '', headers = {} }: AdoptRequest,
): Promise<TestResponse> {
  const isText = typeof keys === 'string'
  const usual = isText ? 'application/x-pem-file' : 'application/jwk-set+json'
  return control(host, 'PUT', `/issuers/${id}/adopted-keys${query}`, {
    headers: { 'Content-Type': type ?? usual, ...headers },
    body: isText ? keys : JSON.stringify(keys),
  })
}

/** The adopted keys of an issuer, as its operators see them. */
export interface AdoptedView {
  readonly kid: string
  readonly alg: string
  readonly status: string
  readonly fingerprint: string
  readonly publishedAt: number
  readonly withdrawal?: { readonly at: number; readonly publishedUntil: number }
}

export function adoptedIn(response: TestResponse): AdoptedView[] {
  const { keys } = bodyOf<{ readonly keys: readonly (AdoptedView & { origin: string })[] }>(
    response,
  )
  return keys.filter(({ origin }) => origin === 'adopted')
}

/** The members of the JWK Set that the host publishes below its own URL. */
export async function publishedKids(host: TestHost, id: string): Promise<string[]> {
  const response = await host.request('GET', `/${id}/.well-known/jwks.json`)
  expect(response.status, `answered ${response.body}`).toBe(200)
  return bodyOf<{ readonly keys: readonly { readonly kid: string }[] }>(response).keys.map(
    ({ kid }) => kid,
  )
}

/** Mints for a plain subject unless `request` says otherwise; the token. */
export async function mintToken(host: TestHost, id: string, request: object = {}): Promise<string> {
  const json = { subject: 'someone', audience: 'sts.amazonaws.com', ...request }
  const response = await control(host, 'POST', `/issuers/${id}/tokens`, { json })
  expect(response.status, `answered ${response.body}`).toBe(201)
  return bodyOf<{ readonly token: string }>(response).token
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the caller expects
export function bodyOf<T = Readonly<Record<string, unknown>>>({ body }: TestResponse): T {
  return JSON.parse(body) as T
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, claims = ''] = token.split('.')
  const text = Buffer.from(claims, 'base64url').toString('utf8')
  return JSON.parse(text) as Readonly<Record<string, unknown>>
}
