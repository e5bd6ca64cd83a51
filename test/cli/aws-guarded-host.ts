/**
 * A control API behind AWS IAM, on the loopback interface: it checks signatures as AWS does, by an implementation that
 * is not the one that made them, and answers as it is told.
 */

import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SignatureV4 } from '@smithy/signature-v4'

export interface GuardedCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface LetIn {
  readonly method: string
  readonly path: string
  readonly contentType: string | undefined
  readonly ifMatch: string | undefined
  readonly body: string
}

export interface GuardedHost extends AsyncDisposable {
  readonly url: string
  /** Whose signature was right. */
  readonly letIn: readonly LetIn[]
  /** Why the others were not. */
  readonly refused: readonly string[]
}

export interface GuardedHostOptions {
  readonly credentials: GuardedCredentials
  readonly region: string
  readonly service?: string
  readonly answerOf: (path: string, method: string) => object
}

export async function guardedHost(options: GuardedHostOptions): Promise<GuardedHost> {
  const letIn: LetIn[] = []
  const refused: string[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const problem = await signatureProblem(request, body, options)
    if (problem !== undefined) {
      refused.push(problem)
      response.writeHead(403).end('{"message":"Forbidden"}')
      return
    }
    const { method = '', url: path = '', headers } = request
    letIn.push({
      method,
      path,
      contentType: headers['content-type'],
      ifMatch: headers['if-match'],
      body: body.toString(),
    })
    response.end(JSON.stringify(options.answerOf(path, method)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    letIn,
    refused,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^,]+), SignedHeaders=([^,]+), Signature=([\da-f]{64})$/

/** What is always signed where it is there. */
const MUST_BE_SIGNED = /^(?:host|content-type|if-match|x-amz-.+)$/

async function signatureProblem(
  { headers, method = '', url = '' }: IncomingMessage,
  body: Buffer,
  { credentials, region, service = 'execute-api' }: GuardedHostOptions,
): Promise<string | undefined> {
  const parts = AUTHORIZATION.exec(headers.authorization ?? '')
  if (parts === null) return 'no signature'
  const [, accessKeyId, scope, signedNames = '', signature] = parts
  const date = String(headers['x-amz-date'])
  if (!/^\d{8}T\d{6}Z$/.test(date)) return 'no date'
  if (accessKeyId !== credentials.accessKeyId) return 'another key'
  if (headers['x-amz-security-token'] !== credentials.sessionToken) return 'another session'
  if (scope !== `${date.slice(0, 8)}/${region}/${service}/aws4_request`) return `scope ${scope}`
  const hash = createHash('sha256').update(body).digest('hex')
  if (headers['x-amz-content-sha256'] !== hash) return 'the hash of another body'
  const signed = signedNames.split(';')
  const unsigned = Object.keys(headers).find(
    (name) => MUST_BE_SIGNED.test(name) && !signed.includes(name),
  )
  if (unsigned !== undefined) return `${unsigned} is not signed`

  const target = new URL(url, 'http://any.invalid')
  const signer = new SignatureV4({ credentials, region, service, sha256: NodeSha256 })
  const again = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: 'any.invalid',
      path: target.pathname,
      query: Object.fromEntries(target.searchParams),
      headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
      body,
    },
    { signingDate: momentOf(date) },
  )
  const expected = AUTHORIZATION.exec(again.headers['authorization'] ?? '')
  if (expected?.[3] !== signedNames) return 'headers that cannot be signed'
  return expected[4] === signature ? undefined : 'another signature'
}

function momentOf(date: string): Date {
  return new Date(
    date.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
}

/** SHA-256, or its HMAC with a secret, in the form that the signer asks for. */
class NodeSha256 {
  readonly #hash

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('not needed')
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
