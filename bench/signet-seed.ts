/**
 * All that the bench knows of Signet's own API: the host on Node, and issuers in quantity.
 *
 * One issuer is created through the control API; further ones are that one under another id and kid, so that ten
 * thousand cost no ten thousand key pairs.
 */

import { createHash, randomBytes } from 'node:crypto'
import { memoryStore } from '../src/adapters/storage/memory.ts'
import { parseWorkerConfig, type WorkerSettings } from '../functions/worker/worker-config.ts'
import { workerKeys } from '../functions/worker/worker-keys.ts'
import { createWholeHost, type HostOptions } from '../src/host/whole-host.ts'
import type { Host } from '../src/host/host.ts'
import { formatPublicCopy, parseStoredIssuer } from '../src/issuers/issuer-codec.ts'
import { type IssuerDocument, publicCopyOf } from '../src/issuers/issuer-document.ts'
import { issuerKey } from '../src/issuers/issuer-repository.ts'
import {
  publicIssuersFromCopies,
  publicIssuersFromDocuments,
  type PublicIssuers,
} from '../src/reading/public-issuers.ts'
import type { DocumentStore } from '../src/storage/document-store.ts'
import type { DocumentKind } from './documents.ts'
import { HOST_NAME } from './host-name.ts'

export const PUBLIC_URL = `https://${HOST_NAME}`
const CONTROL_SECRET = randomBytes(32).toString('base64')

export const WORKER_SETTINGS = {
  PUBLIC_URL,
  DEPLOYMENT: 'bench',
  SEALED_SECRET: randomBytes(32).toString('base64'),
} satisfies WorkerSettings

/** With a control API. */
export const CONTROLLED_SETTINGS = {
  ...WORKER_SETTINGS,
  CONTROL_SECRET_SHA256: createHash('sha256').update(CONTROL_SECRET).digest('hex'),
} satisfies WorkerSettings

export function pathOf(id: string, kind: DocumentKind): string {
  return `/${id}/.well-known/${kind === 'discovery' ? 'openid-configuration' : 'jwks.json'}`
}

/** The host over documents in memory, with one RS256 issuer, made as operators make one. */
export async function hostWithOneIssuer(id: string): Promise<Host> {
  const documents = memoryStore()
  const host = hostOver(documents, publicIssuersFromDocuments(documents))
  await createIssuer(host, id)
  return host
}

export interface SeededIssuers {
  readonly ids: readonly string[]
  /** What Workers KV holds, by key. */
  readonly copies: ReadonlyMap<string, string>
  /** What the Worker must answer. */
  readonly expectedBody: (path: string) => Promise<string>
}

export async function seedIssuers(count: number): Promise<SeededIssuers> {
  const documents = memoryStore()
  await createIssuer(hostOver(documents, publicIssuersFromDocuments(documents)), 'model')
  const { body = '' } = (await documents.get(issuerKey('model'))) ?? {}
  const model = parseStoredIssuer('model', body)
  if (model.kind !== 'issuer') throw new TypeError('the model is no issuer')
  // All of one length, so that every answer has as many bytes.
  const ids = Array.from({ length: count }, (_, n) => `issuer-${String(n).padStart(5, '0')}`)
  const copies = new Map(
    ids.map((id) => [issuerKey(id), formatPublicCopy(publicCopyOf(renamed(model, id)))]),
  )
  const reader = {
    name: 'copies',
    stalenessSeconds: 300,
    get: async (key: string) => {
      const copy = copies.get(key)
      return copy === undefined ? undefined : { body: copy }
    },
  }
  const host = hostOver(memoryStore(), publicIssuersFromCopies(reader))
  return {
    ids,
    copies,
    expectedBody: async (path) => (await host.fetch(new Request(PUBLIC_URL + path))).text(),
  }
}

function renamed(model: IssuerDocument, id: string): IssuerDocument {
  const kid = createHash('sha256').update(id).digest('base64url')
  return {
    ...model,
    id,
    issuer: `${PUBLIC_URL}/${id}`,
    ring: { ...model.ring, keys: model.ring.keys.map((key) => ({ ...key, kid })) },
  }
}

function hostOver(documents: DocumentStore, publicIssuers: PublicIssuers): Host {
  return createWholeHost({ ...hostPorts(documents, publicIssuers), log: () => {} })
}

/** What a host works with that has all of its documents in memory, but for its log. */
export function hostPorts(
  documents: DocumentStore,
  publicIssuers: PublicIssuers,
): Omit<HostOptions, 'log'> {
  const parsed = parseWorkerConfig(CONTROLLED_SETTINGS)
  if (!parsed.ok) throw new TypeError(parsed.problems.join('; '))
  const { config } = parsed
  return {
    config: config.host,
    controlSecretDigest: config.controlSecretDigest,
    documents,
    publicIssuers,
    keyManagers: workerKeys(config),
  }
}

async function createIssuer(host: Host, id: string): Promise<void> {
  await control(async (request) => host.fetch(request), PUBLIC_URL, {
    method: 'POST',
    path: '/issuers',
    json: { id },
  })
}

export interface ControlRequest {
  readonly method: 'POST' | 'PUT'
  /** Below `/control`. */
  readonly path: string
  readonly json: unknown
}

/** Rejects when it is not answered with success. `url`: where the host is. */
export async function control(
  fetch: (request: Request) => Promise<Response>,
  url: string,
  { method, path, json }: ControlRequest,
): Promise<void> {
  const request = new Request(`${url}/control${path}`, {
    method,
    headers: { Authorization: `Bearer ${CONTROL_SECRET}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(json),
  })
  const response = await fetch(request)
  if (!response.ok) {
    throw new Error(
      `${method} /control${path} was answered ${response.status}: ${await response.text()}`,
    )
  }
}
