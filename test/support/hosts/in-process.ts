/**
 * The host in this process: the whole stack over a memory store, with a clock that a test moves.
 */

import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { sealedKeyManager } from '../../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { parseConfig } from '../../../src/config.ts'
import { createHost } from '../../../src/host.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { publicIssuersFromDocuments } from '../../../src/issuers/public-issuers.ts'
import { jsonLog } from '../../../src/log.ts'
import type { KeyManager } from '../../../src/signers/key-manager.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import {
  answerHeaders,
  newControlSecret,
  NO_DOCUMENT,
  type TestHost,
  type TestHostOptions,
  type TestRequest,
  type TestResponse,
  testSettings,
} from './test-host.ts'

export interface InProcessOptions extends TestHostOptions {
  /** Default: an empty memory store. */
  readonly store?: DocumentStore
  /** Default: custody `sealed` under the secret of the tests. */
  readonly keyManager?: KeyManager
}

export interface InProcessHost extends TestHost {
  /** Unix seconds; a test moves it. */
  readonly clock: { seconds: number }
}

const BASE_URL = 'http://127.0.0.1:8787'
const START_SECONDS = 1_800_000_000

export function inProcessHost(options: InProcessOptions = {}): InProcessHost {
  const { store = memoryStore(), controlSecret = newControlSecret() } = options
  const parsed = parseConfig(testSettings(BASE_URL, controlSecret, options))
  if (!parsed.ok) throw new TypeError(parsed.problems.join('; '))
  const { config } = parsed
  const secret = config.sealedSecrets.current
  const clock = { seconds: START_SECONDS }
  const lines: string[] = []
  const app = createHost({
    config,
    documents: store,
    publicIssuers: publicIssuersFromDocuments(store),
    keyManager: options.keyManager ?? sealedKeyManager({ secret, deployment: config.deployment }),
    log: jsonLog((_level, line) => lines.push(line)),
    clock: { now: () => clock.seconds },
  })
  return {
    name: 'in process',
    baseUrl: BASE_URL,
    controlSecret,
    clock,
    request: (method, rawPath, init) =>
      requestOf(async (request) => app.request(request), { method, rawPath, init }),
    logLines: () => lines,
    breakIssuer: async (id) => {
      const { etag } = (await store.get(issuerKey(id))) ?? { etag: '' }
      await store.put(issuerKey(id), NO_DOCUMENT, { ifMatch: etag })
    },
    close: async () => {},
  }
}

interface RawRequest {
  readonly method: string
  readonly rawPath: string
  readonly init?: TestRequest | undefined
}

/** As every runtime makes its `Request`: the URL has the host of the `Host` header. */
async function requestOf(
  send: (request: Request) => Promise<Response>,
  { method, rawPath, init: { headers = {}, body } = {} }: RawRequest,
): Promise<TestResponse> {
  const host = new Headers(headers).get('Host') ?? new URL(BASE_URL).host
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
