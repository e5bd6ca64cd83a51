/**
 * The CLI's side of the control API: its operations, typed.
 */

import type { AdoptableKey } from '../../adoption/adoptable-key.ts'
import type {
  CreateIssuerBody,
  MintBody,
  RotateBody,
  SweepBody,
  UpdateIssuerBody,
} from '../../control/schemas.ts'
import { issuerIdProblem } from '../../issuers/issuer-id.ts'
import type { ExchangePolicy } from '../../policies/exchange-policy.ts'
import { usageError } from '../exit.ts'
import {
  type DeletedAnswer,
  deletedAnswer,
  type DeletedEntryAnswer,
  deletedListAnswer,
  type ExchangePolicyAnswer,
  exchangePolicyAnswer,
  type IssuerAnswer,
  issuerAnswer,
  type KeysAnswer,
  keysAnswer,
  listAnswer,
  type ListEntryAnswer,
  type MintedAnswer,
  mintedAnswer,
} from './answers.ts'
import { bearerAuthorizer } from './bearer-authorizer.ts'
import {
  type ControlCall,
  controlTransport,
  type ControlTransportOptions,
  olderHost,
} from './control-transport.ts'
import { listPages } from './listed-pages.ts'
import {
  type ForecastAnswer,
  forecastAnswer,
  type RotationAnswer,
  rotationAnswer,
  type SweepAnswer,
  sweepAnswer,
} from './rotation-answers.ts'

export interface KeyAdoption {
  /** The whole set. */
  readonly keys: readonly AdoptableKey[]
  /** Of keys that are not in the set; as the host has it by default when `undefined`. */
  readonly retentionSeconds: number | undefined
}

/** What is not named stays as it is. */
export type PolicyChange = UpdateIssuerBody['policy']

export interface ControlClientOptions {
  /** Without a trailing slash. */
  readonly url: string
  readonly secret: string
}

/** What is done with the keys of an issuer. */
interface RingClient {
  listKeys(id: string): Promise<KeysAnswer>
  /** `revision`: the one that the change was decided on. */
  adoptKeys(id: string, adoption: KeyAdoption, revision: number): Promise<KeysAnswer>
  rotate(id: string, body: RotateBody): Promise<RotationAnswer>
  sweep(id: string, body: SweepBody): Promise<SweepAnswer>
}

/** Who may exchange which tokens. */
interface ExchangePolicyClient {
  readPolicy(id: string): Promise<ExchangePolicyAnswer>
  /** `revision`: of the policy, not of the issuer; the one that was read. */
  setPolicy(id: string, body: SetPolicyBody, revision: number): Promise<ExchangePolicyAnswer>
}

export interface SetPolicyBody {
  readonly policy: ExchangePolicy
  readonly dryRun?: true
}

export interface ControlClient extends RingClient, ExchangePolicyClient {
  /** Of the installation, without a trailing slash. */
  readonly url: string
  createIssuer(body: CreateIssuerBody): Promise<IssuerAnswer>
  listIssuers(): Promise<ListEntryAnswer[]>
  listDeletedIssuers(): Promise<DeletedEntryAnswer[]>
  readIssuer(id: string): Promise<IssuerAnswer>
  updateIssuer(id: string, body: UpdateIssuerBody): Promise<IssuerAnswer>
  /** What `updateIssuer` would do, and when. */
  forecastUpdate(id: string, policy: PolicyChange): Promise<ForecastAnswer>
  deleteIssuer(id: string, reason: string | undefined): Promise<DeletedAnswer>
  mintToken(id: string, body: MintBody): Promise<MintedAnswer>
}

/** Of an installation that takes its control secret. */
export function controlClient({ url, secret }: ControlClientOptions): ControlClient {
  return authorizedControlClient({ url, authorizer: bearerAuthorizer(url, secret) })
}

/** Rejects with a usage error for an id that no issuer can have, before anything is sent. */
export function authorizedControlClient(options: ControlTransportOptions): ControlClient {
  const call = controlTransport(options)
  const { url } = options
  return {
    url,
    listIssuers: () => listPages(call, {}, listAnswer),
    listDeletedIssuers: async () => {
      const listed = await listPages(call, { deleted: 'true' }, deletedListAnswer)
      return listed.map((entry) => {
        if ('createdAt' in entry) throw olderHost(url, 'list of deleted issuers')
        return entry
      })
    },
    createIssuer: async (body) =>
      call({ method: 'POST', path: newIssuerPath(body), body, answer: issuerAnswer }),
    readIssuer: async (id) => call({ method: 'GET', path: issuerPath(id), answer: issuerAnswer }),
    updateIssuer: async (id, body) =>
      call({ method: 'PATCH', path: issuerPath(id), body, answer: issuerAnswer }),
    forecastUpdate: async (id, policy) =>
      call({
        method: 'PATCH',
        path: issuerPath(id),
        body: { policy, dryRun: true },
        answer: forecastAnswer,
      }),
    deleteIssuer: async (id, reason) =>
      call({
        method: 'DELETE',
        path: issuerPath(id),
        body: reason === undefined ? {} : { reason },
        answer: deletedAnswer,
      }),
    ...ringOperations(call),
    ...exchangePolicyOperations(call),
    mintToken: async (id, body) =>
      call({ method: 'POST', path: `${issuerPath(id)}/tokens`, body, answer: mintedAnswer }),
  }
}

function ringOperations(call: ControlCall): RingClient {
  return {
    listKeys: async (id) =>
      call({ method: 'GET', path: `${issuerPath(id)}/keys`, answer: keysAnswer }),
    adoptKeys: async (id, { keys, retentionSeconds }, revision) =>
      call({
        method: 'PUT',
        path: `${issuerPath(id)}/adopted-keys${retentionSeconds === undefined ? '' : `?retentionSeconds=${retentionSeconds}`}`,
        body: { keys: keys.map(memberOfSet) },
        ifMatch: `"${revision}"`,
        since: 'adopted keys',
        answer: keysAnswer,
      }),
    rotate: async (id, body) =>
      call({
        method: 'POST',
        path: `${issuerPath(id)}/rotate`,
        body,
        since: 'rotation',
        answer: rotationAnswer,
      }),
    sweep: async (id, body) =>
      call({
        method: 'POST',
        path: `${issuerPath(id)}/sweep`,
        body,
        since: 'sweep',
        answer: sweepAnswer,
      }),
  }
}

function exchangePolicyOperations(call: ControlCall): ExchangePolicyClient {
  const ofPolicy = { since: 'exchange policies', answer: exchangePolicyAnswer }
  return {
    readPolicy: async (id) =>
      call({ method: 'GET', path: `${issuerPath(id)}/policy`, ...ofPolicy }),
    setPolicy: async (id, body, revision) =>
      call({
        method: 'PUT',
        path: `${issuerPath(id)}/policy`,
        body,
        ifMatch: `"${revision}"`,
        ...ofPolicy,
      }),
  }
}

/** Made of what was read of a key: whatever else was in its file stays here. */
function memberOfSet({ publicJwk, kid, alg }: AdoptableKey): object {
  return { ...publicJwk, kid, alg, use: 'sig' }
}

function newIssuerPath({ id }: CreateIssuerBody): string {
  assertIssuerId(id)
  return '/issuers'
}

function issuerPath(id: string): string {
  assertIssuerId(id)
  return `/issuers/${id}`
}

function assertIssuerId(id: string): void {
  const problem = issuerIdProblem(id)
  if (problem !== undefined) throw usageError(problem)
}
