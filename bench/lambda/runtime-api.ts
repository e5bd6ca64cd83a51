/**
 * The Lambda runtime API for one start of a function: hands it one event, takes its answer, and has no other event for it.
 * Routes and headers are those of the Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RuntimeApi {
  /** Host and port, as `AWS_LAMBDA_RUNTIME_API` has them. */
  readonly address: string
  /** Resolves to what the function returned, as JSON; rejects when it could not be initialized or threw. */
  readonly answered: Promise<string>
  close(): void
}

export interface RuntimeApiOptions {
  readonly event: unknown
  /** The function is initialized: it asks for its first event. It has to wait until this returns. */
  readonly onInitialized: () => void
  /** The function has answered. It has to wait until this returns. */
  readonly onAnswered: () => void
}

const PREFIX = '/2018-06-01/runtime'
const REQUEST_ID = '8476a536-e9f4-11e8-9739-2dfe598c3fcd'
const INVOCATION = `${PREFIX}/invocation/${REQUEST_ID}`
const INVOCATION_MS_MAX = 30_000
const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:bench'

export async function startRuntimeApi(options: RuntimeApiOptions): Promise<RuntimeApi> {
  const { promise: answered, resolve, reject } = Promise.withResolvers<string>()
  // Whoever waits hears of it; when nobody does, the start was given up.
  answered.catch(() => {})
  let initialized = false

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request)
    switch (`${request.method} ${request.url}`) {
      case `GET ${PREFIX}/invocation/next`:
        // A function without an event is frozen: nothing is answered.
        if (initialized) return
        initialized = true
        options.onInitialized()
        response.writeHead(200, eventHeaders()).end(JSON.stringify(options.event))
        return
      case `POST ${INVOCATION}/response`:
        options.onAnswered()
        response.writeHead(202).end()
        return resolve(body)
      default:
        // `/init/error` and `/invocation/{id}/error` say what went wrong.
        response.writeHead(202).end()
        reject(new Error(`the function did not answer (${request.url}): ${body}`))
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(reject)
  })
  // The function may work for longer than Node's five seconds between two calls.
  server.keepAliveTimeout = 0
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    answered,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function eventHeaders(): Record<string, string> {
  const deadline = performance.timeOrigin + performance.now() + INVOCATION_MS_MAX
  return {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': REQUEST_ID,
    'Lambda-Runtime-Deadline-Ms': deadline.toFixed(0),
    'Lambda-Runtime-Invoked-Function-Arn': FUNCTION_ARN,
    'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
