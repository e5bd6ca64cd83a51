/**
 * What stands in for Workers KV: answers reads as workerd asks for them, `GET /{key}?urlencoded=true`.
 *
 * A process of its own, beside the load, so that its CPU time is not the Worker's.
 */

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const copies = new Map(
  Object.entries(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, string>),
)

const server = createServer(({ url = '' }, response) => {
  const copy = copies.get(decodeURIComponent(new URL(url, 'http://kv').pathname.slice(1)))
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
