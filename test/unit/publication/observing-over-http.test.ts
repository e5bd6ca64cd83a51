import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { observePublication } from '../../../src/publication/read-public-documents.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import { EC_KEY, EC_MEMBER, VERSION } from './public-documents.ts'

const DISCOVERY = '/prod/.well-known/openid-configuration'
const JWKS = '/prod/.well-known/jwks.json'
const clock = { now: () => 1_800_000_000 }

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

interface Site {
  readonly issuer: string
  readonly asked: readonly IncomingMessage[]
}

/** An issuer on loopback whose documents are right, but for those paths that are answered otherwise. */
async function serving(otherwise: Readonly<Record<string, RequestListener>> = {}): Promise<Site> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    const answer = otherwise[request.url ?? '']
    if (answer !== undefined) {
      answer(request, response)
    } else if (request.url === DISCOVERY) {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` }))
    } else if (request.url === JWKS) {
      response.writeHead(200, VERSION).end(JSON.stringify({ keys: [EC_MEMBER] }))
    } else {
      response.writeHead(404).end()
    }
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod`
  return { issuer, asked }
}

function observing({ issuer }: Site) {
  const held = heldDeadlines()
  const observed = observePublication(issuer, { fetch, clock, deadline: held.deadline })
  return { observed, pass: () => held.pass(5000) }
}

test('what a server publishes is observed, by requests that any cache may answer', async () => {
  const site = await serving()
  expect(await observing(site).observed).toEqual({
    ok: true,
    observation: { at: 1_800_000_000, ringVersion: 7, keys: [EC_KEY] },
  })
  expect(site.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${DISCOVERY}`,
    `GET ${JWKS}`,
  ])
  for (const { headers } of site.asked) {
    expect(headers.accept).toBe('application/json, application/jwk-set+json')
    for (const name of ['cache-control', 'pragma', 'if-none-match', 'cookie', 'authorization']) {
      expect(headers).not.toHaveProperty(name)
    }
  }
})

describe.each([DISCOVERY, JWKS])('%s', (path) => {
  test.each([301, 302, 303, 307, 308])('status %i is not followed', async (status) => {
    const site = await serving({
      [path]: (_request, response) => response.writeHead(status, { Location: '/there' }).end(),
    })
    expect(await observing(site).observed).toMatchObject({ ok: false, problem: 'redirected' })
    expect(site.asked.map(({ url }) => url)).not.toContain('/there')
  })

  test('a connection that breaks before the answer is no observation', async () => {
    const site = await serving({ [path]: (request) => request.socket.destroy() })
    expect(await observing(site).observed).toMatchObject({ ok: false, problem: 'unreachable' })
  })

  test('a connection that breaks within the answer is no observation', async () => {
    const site = await serving({
      [path]: (_request, response) => {
        response.writeHead(200, { ...VERSION, 'Content-Length': '100' })
        response.write('{"keys":[]}', () => response.destroy())
      },
    })
    expect(await observing(site).observed).toMatchObject({ ok: false, problem: 'unreachable' })
  })

  test('an answer is measured as it is once unpacked', async () => {
    const site = await serving({
      [path]: (_request, response) => {
        response.writeHead(200, { ...VERSION, 'Content-Encoding': 'gzip' })
        response.end(gzipSync(Buffer.alloc(1_000_000, ' ')))
      },
    })
    expect(await observing(site).observed).toMatchObject({ ok: false, problem: 'too_large' })
  })

  test.each([
    ['nothing', (_response: ServerResponse) => {}],
    ['half of a document', (response: ServerResponse) => response.write('{"keys":[')],
  ])('%s by the deadline ends the connection', async (_title, begin) => {
    const reached = Promise.withResolvers<ServerResponse>()
    const site = await serving({
      [path]: (_request, response) => {
        begin(response)
        reached.resolve(response)
      },
    })
    const { observed, pass } = observing(site)
    const response = await reached.promise
    const closed = once(response, 'close')
    expect(pass()).toBe(1)
    expect(await observed).toMatchObject({ ok: false, problem: 'timed_out' })
    await closed
    expect(response.writableFinished).toBe(false)
  })
})
