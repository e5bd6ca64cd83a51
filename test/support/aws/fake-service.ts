/**
 * What the fakes of AWS services share: a server on the loopback interface, a record of what was called, and faults that
 * a test puts in the way of the next calls.
 */

import { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface FakeAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export type FakeFault =
  /** Nothing is done, and nothing is ever answered. */
  | { readonly type: 'no_answer' }
  /** Nothing is done, and the connection is gone. */
  | { readonly type: 'reset' }
  /** Everything is done, and the connection is gone before the answer. */
  | { readonly type: 'lost_answer' }
  /** Nothing is done, and this is answered. */
  | { readonly type: 'answer'; readonly answer: FakeAnswer }
  /** Everything is done, and answered once `until` resolves. */
  | { readonly type: 'late'; readonly until: Promise<void> }

export interface FakeService {
  readonly url: string
  /** The operations that were called, in their order, those included that a fault met. */
  readonly calls: readonly string[]
  /** The next `times` calls of `operation` meet `fault`; `*`: of whatever operation. */
  inject(operation: string, fault: FakeFault, times?: number): void
  /** Whatever was injected meets no call any more. */
  heal(): void
  close(): Promise<void>
}

/** Stands before a service: performs what is asked, or answers in its place. What a fault meets never comes to it. */
export type Guard = (
  operation: string,
  request: FakeRequest,
  perform: () => Promise<FakeAnswer>,
) => Promise<FakeAnswer>

export interface FakeServiceOptions {
  readonly operationOf: (request: FakeRequest) => string
  /** What the service does and answers. */
  readonly perform: (operation: string, request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>
  /** @default everyone may do everything */
  readonly guard?: Guard | undefined
  /** @default one that is free */
  readonly port?: number
}

interface Injected {
  readonly operation: string
  readonly fault: FakeFault
  times: number
}

export async function startFakeService(options: FakeServiceOptions): Promise<FakeService> {
  const calls: string[] = []
  const injected: Injected[] = []

  function faultOf(operation: string): FakeFault | undefined {
    const found = injected.find(
      (each) => each.times > 0 && (each.operation === operation || each.operation === '*'),
    )
    if (found === undefined) return undefined
    found.times -= 1
    return found.fault
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await requestOf(incoming)
    const operation = options.operationOf(request)
    calls.push(operation)
    const fault = faultOf(operation)
    if (fault?.type === 'no_answer') return
    if (fault?.type === 'reset') {
      incoming.socket.resetAndDestroy()
      return
    }
    if (fault?.type === 'answer') {
      send(outgoing, fault.answer)
      return
    }
    const perform = async () => options.perform(operation, request)
    const answer = await (options.guard?.(operation, request, perform) ?? perform())
    if (fault?.type === 'lost_answer') {
      incoming.socket.resetAndDestroy()
      return
    }
    if (fault?.type === 'late') await fault.until
    send(outgoing, answer)
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(options.port ?? 0, '127.0.0.1', resolve)
  await promise
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    inject: (operation, fault, times = 1) => {
      injected.push({ operation, fault, times })
    },
    heal: () => {
      injected.length = 0
    },
    close: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}

async function requestOf(incoming: IncomingMessage): Promise<FakeRequest> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    [value].flat().join(', '),
  ])
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(pieces),
  }
}

function send(outgoing: ServerResponse, { status, headers = {}, body = '' }: FakeAnswer): void {
  // Hosts have clocks that tests move: the SDK would take itself to be wrong, and try again.
  outgoing.sendDate = false
  outgoing.writeHead(status, { ...headers })
  outgoing.end(body)
}
