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
