/**
 * What stands in for Workers KV: answers as workerd asks, `GET /{key}?urlencoded=true`, and `PUT` where the Worker writes.
 *
 * A process of its own, beside the load, so that its CPU time is not the Worker's.
 */

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const copies = new Map(
  Object.entries(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, string>),
)

async function keep(
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  copies.set(key, await text(request))
  response.writeHead(200, { 'Content-Length': 0 }).end()
}

const server = createServer((request, response) => {
  const { method, url = '' } = request
  const key = decodeURIComponent(new URL(url, 'http://kv').pathname.slice(1))
  if (method === 'PUT') {
    void keep(key, request, response)
    return
  }
  const copy = copies.get(key)
  if (copy === undefined) {
    response.writeHead(404, { 'Content-Length': 0 }).end()
    return
  }
  response.writeHead(200, { 'Content-Length': Buffer.byteLength(copy) }).end(copy)
})
// The Worker's runtime keeps its connections, and may be left alone for longer than Node's five seconds.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => {
  process.on('disconnect', () => process.exit())
  process.send?.((server.address() as AddressInfo).port)
})
