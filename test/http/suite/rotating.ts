/**
 * Rotations as an operator's job asks for them, and what the public documents show to whoever observes them.
 */

import { expect } from 'vitest'
import type { RingView } from '../../../src/control/ring-view.ts'
import type { IssuerHealth } from '../../../src/documents/issuer-health.ts'
import type { ReportedAction, RotationReport } from '../../../src/keyring/rotation-report.ts'
import { bodyOf, control, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'

export interface SentObservation {
  readonly ringVersion: number
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
}

/** Without a body unless one is given. */
export async function rotate(host: TestHost, id: string, json?: object): Promise<RotationReport> {
  const init = json === undefined ? {} : { json }
  return answered(await control(host, 'POST', `/issuers/${id}/rotate`, init))
}

export async function ringOf(host: TestHost, id: string): Promise<RingView> {
  return answered(await control(host, 'GET', `/issuers/${id}/keys`))
}

export async function healthOf(host: TestHost, id: string): Promise<IssuerHealth> {
  return bodyOf(await host.request('GET', `/${id}/healthz`))
}

/** As a job sees it that runs elsewhere. */
export async function observed(host: TestHost, id: string): Promise<SentObservation> {
  const response = await host.request('GET', `/${id}/.well-known/jwks.json`)
  return {
    ringVersion: Number(response.headers['signet-ring-version']),
    jwks: answered<SentObservation['jwks']>(response),
  }
}

/** An issuer whose successor was made and not seen yet; `kid`: that of the successor. */
export async function withSuccessor(host: TestHost, policy: object = {}) {
  const { id } = await createIssuer(host, policy)
  const { actions } = await rotate(host, id)
  return { id, kid: madeBy(actions) }
}

/** The `kid` of the one key that was made. */
export function madeBy(actions: readonly ReportedAction[]): string {
  const made = actions.flatMap((action) => (action.type === 'create' ? [action.kid] : []))
  expect(made).toStrictEqual([expect.stringMatching(/^[\w-]{43}$/)])
  return made[0] ?? ''
}

/** Runs `attempt` and checks that its ring is afterwards what it was before, to the revision. */
export async function leavingRing<T>(
  host: TestHost,
  id: string,
  attempt: () => Promise<T>,
): Promise<T> {
  const look = async () => [
    await control(host, 'GET', `/issuers/${id}/keys`),
    await host.request('GET', `/${id}/.well-known/jwks.json`),
  ]
  const before = await look()
  const result = await attempt()
  expect(await look()).toStrictEqual(before)
  return result
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the caller expects
export function answered<T>(response: TestResponse): T {
  expect(response.status, `answered ${response.body}`).toBe(200)
  expect(response.headers['content-type']).toMatch(/^application\/(?:jwk-set\+)?json$/)
  return bodyOf<T>(response)
}
