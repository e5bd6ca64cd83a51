/**
 * The host in this process: the whole stack over a memory store, with a clock that a test moves.
 */

import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { parseWorkerConfig } from '../../../functions/worker/worker-config.ts'
import { workerKeys } from '../../../functions/worker/worker-keys.ts'
import type { Deadline } from '../../../src/deadline.ts'
import type { SourceLimit } from '../../../src/exchange/source-limit.ts'
import { createWholeHost } from '../../../src/host/whole-host.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { publicIssuersFromDocuments } from '../../../src/reading/public-issuers.ts'
import type { JobName } from '../../../src/jobs/run-job.ts'
import { jsonLog } from '../../../src/log.ts'
import type { KeyManager } from '../../../src/signers/key-manager.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import type { DocumentReader, DocumentStore } from '../../../src/storage/document-store.ts'
import {
  answerHeaders,
  newControlSecret,
  NO_DOCUMENT,
  type TestHost,
  type TestHostOptions,
  type TestRequest,
  type TestResponse,
  testSettings,
  USUAL_TRAITS,
} from './test-host.ts'

export interface InProcessOptions extends TestHostOptions {
  /** Default: an empty memory store. */
  readonly store?: DocumentStore
  /** What the public routes read of the store. Default: the store. */
  readonly reads?: DocumentReader
  /** Default: custody `sealed` under the secret of the tests. */
  readonly keyManager?: KeyManager
  /** Default: one of its own. */
  readonly clock?: TestClock
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
  /** Asks other servers on this machine, such as subject issuers. Default: that of the runtime. */
  readonly fetch?: typeof fetch
  /** Default: whoever asks for tokens is admitted. */
  readonly sourceLimit?: SourceLimit
}

/** Unix seconds; a test moves it. */
export interface TestClock {
  seconds: number
}

export interface InProcessHost extends TestHost {
  readonly clock: TestClock
  /** As the schedule of a host does. */
  runJob(name: JobName): Promise<void>
}

/** A name of this machine, so that the cases of local installations run here too. */
export const BASE_URL = 'http://127.0.0.1:8787'
export const START_SECONDS = 1_800_000_000

export function inProcessHost(options: InProcessOptions = {}): InProcessHost {
  const { store = memoryStore(), controlSecret = newControlSecret() } = options
  const { publicUrl: baseUrl = BASE_URL, reads = store, deadline, sourceLimit } = options
  const parsed = parseWorkerConfig(testSettings(baseUrl, controlSecret, options))
  if (!parsed.ok) throw new TypeError(parsed.problems.join('; '))
  const { config } = parsed
  const { clock = { seconds: START_SECONDS } } = options
  const lines: string[] = []
  const log = jsonLog((_level, line) => lines.push(line))
  const app = createWholeHost({
    config: config.host,
    controlSecretDigest: config.controlSecretDigest,
    controlTrust: config.controlTrust,
    documents: store,
    publicIssuers: publicIssuersFromDocuments(reads),
    keyManagers:
      options.keyManager === undefined ? workerKeys(config, log) : keyManagers(options.keyManager),
    log,
    clock: { now: () => clock.seconds },
    fetch: fetchFrom((request) => app.fetch(request), { baseUrl, others: options.fetch }),
    sourceLimit,
    ...(deadline === undefined ? {} : { deadline }),
  })
  return {
    name: 'in process',
    traits: USUAL_TRAITS,
    baseUrl,
    controlSecret,
    clock,
    request: (method, rawPath, init) =>
      requestOf(async (request) => app.fetch(request), { baseUrl, method, rawPath, init }),
    runJob: (name) => app.scheduled(name),
    logLines: () => lines,
    breakIssuer: async (id) => {
      const { etag } = (await store.get(issuerKey(id))) ?? { etag: '' }
      await store.put(issuerKey(id), NO_DOCUMENT, { ifMatch: etag })
    },
    close: async () => {},
  }
}

/** The network as a host sees it that is the only one there is, but for other servers on this machine. */
export function fetchFrom(
  answer: (request: Request) => Response | Promise<Response>,
  {
    baseUrl = BASE_URL,
    others = globalThis.fetch,
  }: { readonly baseUrl?: string; readonly others?: typeof fetch | undefined } = {},
): typeof fetch {
  const { port: ownPort } = new URL(baseUrl)
  return async (input, init) => {
    const request = new Request(input, init)
    const { protocol, hostname, port } = new URL(request.url)
    const isOther = protocol === 'http:' && hostname === '127.0.0.1' && port !== ownPort
    return isOther ? others(request) : answer(request)
  }
}

interface RawRequest {
  readonly baseUrl: string
  readonly method: string
  readonly rawPath: string
  readonly init?: TestRequest | undefined
}

/** As every runtime makes its `Request`: the URL has the host of the `Host` header. */
export async function requestOf(
  send: (request: Request) => Promise<Response>,
  { baseUrl, method, rawPath, init: { headers = {}, body } = {} }: RawRequest,
): Promise<TestResponse> {
  const host = new Headers(headers).get('Host') ?? new URL(baseUrl).host
  const whole = typeof body === 'string' || body instanceof Uint8Array
  const length = whole ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}
  // A whole URL is one that the runtime has from elsewhere than the `Host` header.
  const url = rawPath.startsWith('http:') ? rawPath : `http://${host}${rawPath}`
  const request = new Request(url, {
    method: method === 'TRACE' ? 'GET' : method,
    headers: { Host: host, ...length, ...headers },
    ...(body === undefined
      ? {}
      : { body: whole ? body : new Blob([...body]).stream(), duplex: 'half' }),
  })
  // `Request` does not make one, servers receive some.
  if (method === 'TRACE') Object.defineProperty(request, 'method', { value: method })
  const response = await send(request)
  return {
    status: response.status,
    headers: answerHeaders(response.headers),
    body: await response.text(),
  }
}
