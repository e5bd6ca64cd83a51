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
import { createWholeHost } from '../src/host/whole-host.ts'
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

const PUBLIC_URL = `https://${HOST_NAME}`
const CONTROL_SECRET = randomBytes(32).toString('base64')

export const WORKER_SETTINGS = {
  PUBLIC_URL,
  DEPLOYMENT: 'bench',
  SEALED_SECRET: randomBytes(32).toString('base64'),
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
  const parsed = parseWorkerConfig({
    ...WORKER_SETTINGS,
    CONTROL_SECRET_SHA256: createHash('sha256').update(CONTROL_SECRET).digest('hex'),
  })
  if (!parsed.ok) throw new TypeError(parsed.problems.join('; '))
  const { config } = parsed
  return createWholeHost({
    config: config.host,
    controlSecretDigest: config.controlSecretDigest,
    documents,
    publicIssuers,
    keyManagers: workerKeys(config),
    log: () => {},
  })
}

async function createIssuer(host: Host, id: string): Promise<void> {
  const request = new Request(`${PUBLIC_URL}/control/issuers`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${CONTROL_SECRET}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ id }),
  })
  const response = await host.fetch(request)
  if (!response.ok) throw new Error(`issuer ${id} could not be created: ${await response.text()}`)
}
