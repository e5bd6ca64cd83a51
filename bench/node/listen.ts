/**
 * A server on Node, as the bench runs each: on a free port of loopback, which it says to the bench.
 */

import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { ByKind } from '../documents.ts'

/** What a server says when it listens: where, and what it is to be asked for. */
export interface Listening {
  readonly port: number
  readonly paths: ByKind<string>
}

type Fetch = (request: Request) => Response | Promise<Response>

export function listenWithHono(fetch: Fetch, paths: Listening['paths']): void {
  serveWithHono(fetch, (port) => say({ port, paths }))
}

export function listenWithNode(listener: RequestListener, paths: Listening['paths']): void {
  serveWithNode(listener, (port) => say({ port, paths }))
}

export function serveWithHono(fetch: Fetch, listening: (port: number) => void): void {
  serve({ fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => listening(port))
}

export function serveWithNode(listener: RequestListener, listening: (port: number) => void): void {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    listening(port)
  })
}

function say(listening: Listening): void {
  // Without the bench there is nobody to serve.
  process.on('disconnect', () => process.exit())
  process.send?.(listening)
}
