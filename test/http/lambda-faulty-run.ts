/**
 * One request to the functions on AWS that meets a fault, and everything that must hold afterwards.
 */

import { vi } from 'vitest'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import type { IssuerDocument, IssuerTombstone } from '../../src/issuers/issuer-document.ts'
import { leftoversOf } from '../../src/issuers/leftovers.ts'
import { MEMORY_COPY_SECONDS, RESERVATION_SECONDS } from '../../src/limits.ts'
import type { FakeFault, FakeService } from '../support/aws/fake-service.ts'
import { clusterKey, jwkSet } from '../support/hosts/cluster-keys.ts'
import { adopt, control, createIssuer, newIssuerId } from '../support/hosts/control-client.ts'
import type { TestClock } from '../support/hosts/in-process.ts'
import { LAMBDA_DEPLOYMENT, type LambdaServices } from '../support/hosts/lambda-services.ts'
import { leaksIn } from '../support/hosts/leaks.ts'
import type { TestHost, TestResponse } from '../support/hosts/test-host.ts'
import type { FaultPoint, FaultyState } from './lambda-fault-points.ts'

export interface FaultyHost extends TestHost, Pick<LambdaServices, 's3' | 'kms' | 'lambda'> {
  readonly clock: TestClock
}

export interface FaultyRun {
  /** The status of the request when nothing fails. */
  readonly success: 200 | 201
  /** From the point on; `times`: how many calls it meets. */
  inject(fault: FakeFault, times: number): void
  /** Resolves when a call has met the fault. */
  met(): Promise<void>
  attempt(): Promise<TestResponse>
  /** Ends the fault. Resolves to what is wrong then, or after a repetition; empty when all is right. */
  problemsAfter(answer: TestResponse, state: FaultyState): Promise<string[]>
}

/** Any of the services. */
type Faulty = Pick<FakeService, 'calls' | 'inject' | 'heal'>

type Stored = IssuerDocument | IssuerTombstone

const MINT = { subject: 'someone', audience: 'sts.amazonaws.com' }

export async function faultyRun(host: FaultyHost, point: FaultPoint): Promise<FaultyRun> {
  const { action, custody, service, operation } = point
  const policy = { algorithm: 'ES256', custody }
  const id = action === 'create' ? newIssuerId() : (await createIssuer(host, policy)).id
  const faulty: Faulty = host[service]
  const callsBefore = faulty.calls.length
  const before = stored(host, id)

  async function attempt(): Promise<TestResponse> {
    switch (action) {
      case 'create':
        return control(host, 'POST', '/issuers', { json: { id, policy } })
      case 'update':
        return update({ jwksMaxAgeSeconds: 120 })
      case 'adopt':
        return adopt(host, id, { keys: jwkSet(clusterKey('P-256')) })
      case 'rotate':
        return control(host, 'POST', `/issuers/${id}/rotate`)
      case 'delete':
        return control(host, 'DELETE', `/issuers/${id}`)
      case 'mint':
        return control(host, 'POST', `/issuers/${id}/tokens`, { json: MINT })
      case 'list':
        return control(host, 'GET', '/issuers')
      case 'read':
        return host.request('GET', `/${id}/.well-known/jwks.json`)
    }
  }

  const update = (settings: object) =>
    control(host, 'PATCH', `/issuers/${id}`, { json: { policy: settings } })

  /** The request again, or what completes it: after a place was given up that nobody comes back to. */
  async function repeatedStatus(state: FaultyState): Promise<number> {
    if (state === 'reserved') host.clock.seconds += RESERVATION_SECONDS
    const isThere = action === 'create' && state !== 'nothing'
    return (await (isThere ? update({}) : attempt())).status
  }

  /** What is not whole of the issuer. */
  async function wholenessProblems(): Promise<string[]> {
    const document = stored(host, id)
    if (document?.kind !== 'issuer') return [`there is no issuer: ${document?.kind}`]
    host.clock.seconds += MEMORY_COPY_SECONDS
    const published = await host.request('GET', `/${id}/.well-known/jwks.json`)
    const minted = await control(host, 'POST', `/issuers/${id}/tokens`, { json: MINT })
    const { keys } = document.ring
    const [kid = ''] = keys.map((key) => key.kid)
    return found(
      [(await update({})).status !== 200, 'an update is refused'],
      [keys.length !== (action === 'rotate' ? 2 : 1), `it has ${keys.length} keys`],
      [!published.body.includes(`"${kid}"`), `its key is not published: ${published.body}`],
      [minted.status !== 201, `no token is minted: ${minted.body}`],
    )
  }

  async function problemsAfter(answer: TestResponse, state: FaultyState): Promise<string[]> {
    faulty.heal()
    const reached = stateOf(before, stored(host, id))
    const keysThen = keyProblems(host, id)
    const again = await repeatedStatus(state)
    const wanted: readonly number[] = action === 'delete' ? [200, 410] : [200, 201]
    return [
      ...found([reached !== state, `the document is ${reached}, expected ${state}`]),
      ...keysThen,
      ...found([!wanted.includes(again), `the repetition is answered ${again}`]),
      ...(action === 'delete' ? [] : await wholenessProblems()),
      ...keyProblems(host, id),
      ...leaksIn(host, [answer]),
    ]
  }

  return {
    success: action === 'create' || action === 'mint' ? 201 : 200,
    inject: (fault, times) => {
      if (point.after > 0) faulty.inject(operation, { type: 'late', until: NOW }, point.after)
      faulty.inject(operation, fault, times)
    },
    met: async () => {
      await vi.waitUntil(
        () =>
          faulty.calls.slice(callsBefore).filter((call) => call === operation).length > point.after,
        { interval: 1, timeout: 10_000 },
      )
    },
    attempt,
    problemsAfter,
  }
}

const NOW = Promise.resolve()

function stored({ s3 }: FaultyHost, id: string): Stored | undefined {
  const body = s3.objects()[`${LAMBDA_DEPLOYMENT}/${issuerKey(id)}`]
  return body === undefined ? undefined : (JSON.parse(body) as Stored)
}

/** `torn`: what no request may leave behind. */
function stateOf(before: Stored | undefined, after: Stored | undefined): FaultyState | 'torn' {
  if (after === undefined) return before === undefined ? 'nothing' : 'torn'
  if (after.kind === 'tombstone') return before === undefined ? 'torn' : 'changed'
  const { keys, reservation, leftovers } = after.ring
  if (reservation !== undefined) return 'reserved'
  if (before === undefined) return keys.length === 0 ? 'keyless' : 'changed'
  if (JSON.stringify(before) === JSON.stringify(after)) return 'unchanged'
  if (before.kind === 'tombstone') return 'torn'
  const writes = after.revision - before.revision
  if (keys.length > before.ring.keys.length) {
    return writes === (isKeptElsewhere(before) ? 2 : 1) ? 'changed' : 'torn'
  }
  if (writes === 1) return 'changed'
  if (writes === 2 && leftovers.length === before.ring.leftovers.length) return 'undone'
  return leftovers.length > before.ring.leftovers.length ? 'given up' : 'torn'
}

/** Whether a key of its is written in two steps. */
function isKeptElsewhere({ policy }: IssuerDocument): boolean {
  return policy.custody === 'kms'
}

/** No key of the installation that nobody could find, and none that an issuer has and that does not work. */
function keyProblems(host: FaultyHost, id: string): string[] {
  const keys = host.kms.keys().filter(({ spec }) => spec !== 'SYMMETRIC_DEFAULT')
  const document = stored(host, id)
  const named = document?.kind === 'issuer' ? document.ring.keys : []
  const reservation = document?.kind === 'issuer' ? document.ring.reservation : undefined
  const remembered = document === undefined ? [] : [...named, ...leftoversOf(document)]
  const slots = [...remembered, ...(reservation === undefined ? [] : [reservation])].map(
    ({ slot }) => slot,
  )
  return [
    ...keys.flatMap(({ tags, state }) =>
      found(
        [tags['signet:deployment'] !== LAMBDA_DEPLOYMENT, 'a key has no deployment'],
        [!tags['signet:issuer']?.startsWith('t-'), 'a key has no issuer'],
        [!/^[\w-]{22}$/.test(tags['signet:slot'] ?? ''), 'a key has no slot'],
        [
          tags['signet:issuer'] === id &&
            state !== 'PendingDeletion' &&
            !slots.includes(tags['signet:slot'] ?? ''),
          'KMS has a key of the issuer that its document does not remember',
        ],
      ),
    ),
    ...named
      .filter(({ custody }) => custody === 'kms')
      .flatMap(({ slot }) =>
        found([
          !keys.some(
            ({ tags, state }) =>
              tags['signet:slot'] === slot && tags['signet:issuer'] === id && state === 'Enabled',
          ),
          'the issuer has a key that KMS has not, or that does not sign',
        ]),
      ),
  ]
}

function found(...problems: readonly (readonly [isOne: boolean, what: string])[]): string[] {
  return problems.filter(([isOne]) => isOne).map(([, what]) => what)
}
