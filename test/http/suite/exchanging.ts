/**
 * Exchanges as a client does them: an issuer with a policy, subject tokens for it, and forms.
 */

import { expect } from 'vitest'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import {
  claimsOf,
  control,
  type CreatedIssuer,
  createIssuer,
  mintToken,
} from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { policyEntry } from '../../support/policy-entries.ts'
import { newSubjectKey, subjectClaims, type SubjectKey } from '../../support/subject-tokens.ts'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:'

type Form = Readonly<Record<string, string | undefined>>
type Claims = Readonly<Record<string, unknown>>

export interface ExchangingIssuer extends CreatedIssuer {
  /** Whose tokens its one entry takes. */
  readonly key: SubjectKey
  /** Unix seconds, by the clock of the host, when it was made. */
  readonly madeAt: number
  /** For this issuer, made when it was made; `undefined` leaves a claim out. */
  readonly subjectToken: (changes?: Claims) => string
  /** A good form with changes; `undefined` leaves a parameter out. */
  readonly form: (changes?: Form) => string
  readonly exchange: (changes?: Form) => Promise<TestResponse>
}

/** `entryChanges`: of its one entry, which otherwise lets in whatever `key` has signed. */
export async function createExchangingIssuer(
  host: TestHost,
  entryChanges: Partial<PolicyEntry> = {},
): Promise<ExchangingIssuer> {
  const created = await createIssuer(host)
  const key = newSubjectKey('ES256')
  const keys = { jwks: { keys: [key.jwk] } }
  await setEntries(host, created.id, [policyEntry({ keys, ...entryChanges })])
  return exchanging(host, created, key)
}

/** An issuer that has a policy, or none. */
export async function exchanging(
  host: TestHost,
  created: CreatedIssuer,
  key: SubjectKey,
): Promise<ExchangingIssuer> {
  // The one way to read the clock of a host: `iat` lies five seconds in the past.
  const madeAt = Number(claimsOf(await mintToken(host, created.id))['iat']) + 5
  const subjectToken = (changes: Claims = {}): string => {
    // Long, since some hosts have clocks that tests move.
    const times = { iat: madeAt, nbf: madeAt, exp: madeAt + 36_000 }
    return key.sign(subjectClaims({ aud: created.issuer, ...times, ...changes }))
  }
  const form = (changes: Form = {}): string =>
    formOf({
      grant_type: TOKEN_EXCHANGE,
      subject_token: subjectToken(),
      subject_token_type: `${TOKEN_TYPE}jwt`,
      audience: 'sts.amazonaws.com',
      ...changes,
    })
  const exchange = (changes: Form = {}) => post(host, created.id, form(changes))
  return { ...created, key, madeAt, subjectToken, form, exchange }
}

export async function setEntries(
  host: TestHost,
  id: string,
  entries: readonly PolicyEntry[],
): Promise<void> {
  const json = { policy: { entries } }
  const response = await control(host, 'PUT', `/issuers/${id}/policy`, { json })
  expect(response.status, `answered ${response.body}`).toBe(200)
}

function formOf(parameters: Form): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return new URLSearchParams(given).toString()
}

export function post(
  host: TestHost,
  id: string,
  body: string | readonly string[] | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestResponse> {
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return host.request('POST', `/${id}/token`, { headers: { ...type, ...headers }, body })
}

/** The audit records of a request, once the log has them. */
export async function auditOf(
  host: TestHost,
  { headers }: TestResponse,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const id = headers['signet-request-id'] ?? 'no request id'
  const ofRequest = () => host.logLines().filter((line) => line.includes(id))
  await expect.poll(() => ofRequest().length).toBeGreaterThan(0)
  return ofRequest().map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}
