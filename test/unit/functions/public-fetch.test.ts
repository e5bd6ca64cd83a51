import { Buffer } from 'node:buffer'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { askPublicly } from '../../../src/publication/public-answer.ts'
import { fetchHere, startTlsServer } from './tls-server.ts'

const server = await startTlsServer()

afterAll(() => server[Symbol.asyncDispose]())

describe('an answer', () => {
  test('is given as it is', async () => {
    let headers: unknown
    server.answer((request, response) => {
      headers = request.headers
      response.writeHead(203, { 'Cache-Control': 'max-age=60', 'X-Twice': ['a', 'b'] })
      response.end('{"a":1}')
    })
    const answer = await fetchHere(server.urlOf('/a?b=c'), {
      headers: { Accept: 'application/json' },
    })
    expect(answer.status).toBe(203)
    expect(answer.headers.get('cache-control')).toBe('max-age=60')
    expect(answer.headers.get('x-twice')).toBe('a, b')
    expect(await answer.json()).toEqual({ a: 1 })
    expect(headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      connection: 'close',
      host: new URL(server.urlOf()).host,
    })
  })

  test.each([204, 205, 304])('of status %i has no body', async (status) => {
    server.answer((_request, response) => response.writeHead(status).end())
    const answer = await fetchHere(server.urlOf())
    expect([answer.status, answer.body]).toEqual([status, null])
  })

  test.each([301, 302, 303, 307, 308])('of status %i is followed nowhere', async (status) => {
    server.answer((_request, response) => response.writeHead(status, { Location: '/b' }).end())
    const answer = await fetchHere(server.urlOf(), { redirect: 'follow' })
    expect(answer.status).toBe(status)
    expect(server.requests).toBe(1)
    await answer.body?.cancel()
  })

  test('may be read as public documents are', async () => {
    server.answer((_request, response) => response.end('{"keys":[]}'))
    const answer = await askPublicly(server.urlOf(), fetchHere, AbortSignal.any([]))
    expect(answer).toMatchObject({ ok: true, json: { keys: [] } })
  })

  test('without end is read piece by piece, and no further than it is wanted', async () => {
    const closed = Promise.withResolvers<void>()
    server.answer((_request, response) => {
      response.on('close', () => closed.resolve())
      const goOn = () => {
        if (!response.destroyed) response.write(Buffer.alloc(65_536), goOn)
      }
      goOn()
    })
    const answer = await askPublicly(server.urlOf(), fetchHere, AbortSignal.any([]))
    expect(answer).toMatchObject({ problem: 'too_large' })
    await closed.promise
  })

  test('comes over a connection of its own, which ends with it', async () => {
    server.answer((_request, response) => response.end('{}'))
    await (await fetchHere(server.urlOf())).text()
    await (await fetchHere(server.urlOf())).text()
    expect(server.connections).toBe(2)
    await expect.poll(() => server.open()).toBe(0)
  })

  test('that breaks off is a failure', async () => {
    server.answer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{')
      setImmediate(() => response.destroy())
    })
    const answer = await fetchHere(server.urlOf())
    await expect(answer.text()).rejects.toThrow('aborted')
  })

  test('of no status that there is, is a failure', async () => {
    server.answer((_request, response) => {
      response.socket?.write('HTTP/1.1 999 What\r\nContent-Length: 10\r\n\r\n')
    })
    await expect(fetchHere(server.urlOf())).rejects.toThrow('fetch failed')
    await expect.poll(() => server.open()).toBe(0)
  })
})

describe('what is no longer wanted', () => {
  test('is not asked for', async () => {
    server.answer((_request, response) => response.end())
    await expect(fetchHere(server.urlOf(), { signal: AbortSignal.abort('late') })).rejects.toBe(
      'late',
    )
    expect(server.connections).toBe(0)
  })

  test('is given up while nothing is answered', async () => {
    const asked = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    server.answer((request) => {
      request.socket.on('close', () => closed.resolve())
      asked.resolve()
    })
    const late = new AbortController()
    const answer = fetchHere(server.urlOf(), { signal: late.signal })
    await asked.promise
    late.abort(new Error('late'))
    await expect(answer).rejects.toThrow('late')
    await closed.promise
  })

  test('is given up while its body comes', async () => {
    const closed = Promise.withResolvers<void>()
    server.answer((request, response) => {
      request.socket.on('close', () => closed.resolve())
      response.writeHead(200).write('{')
    })
    const late = new AbortController()
    const answer = await fetchHere(server.urlOf(), { signal: late.signal })
    const text = answer.text()
    late.abort(new Error('late'))
    await expect(text).rejects.toThrow('aborted')
    await closed.promise
  })
})

test('a signal may come with the request', async () => {
  const asked = Promise.withResolvers<void>()
  server.answer(() => asked.resolve())
  const late = new AbortController()
  const answer = fetchHere(new Request(server.urlOf(), { signal: late.signal }))
  onTestFinished(() => late.abort())
  await asked.promise
  late.abort(new Error('late'))
  await expect(answer).rejects.toThrow('late')
})
