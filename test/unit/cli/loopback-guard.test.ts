import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { expect, test } from 'vitest'
import { withoutOwnServers } from '../../../src/cli/dev/loopback-guard.ts'

async function serving(): Promise<Server> {
  const server = createServer((_request, response) => response.end('secret')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function statusOf(server: Server): Promise<number> {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return (await fetch(`http://127.0.0.1:${port}/any`)).status
}

test('a server that is made meanwhile answers 404, one that is made later answers', async () => {
  const { started, isClosed } = await withoutOwnServers(serving)
  const later = await serving()
  expect([await statusOf(started), isClosed, await statusOf(later)]).toEqual([404, true, 200])
  for (const server of [started, later]) server.close().closeAllConnections()
})

test('says so where no server was made, so that an open one is not taken for closed', async () => {
  expect(await withoutOwnServers(async () => 'nothing')).toEqual({
    started: 'nothing',
    isClosed: false,
  })
})
