import { afterAll, describe, expect, test } from 'vitest'
import {
  checkedLookup,
  fetchOver,
  publicFetch,
  type Resolve,
} from '../../../functions/lambda/public-fetch.ts'
import { failureReason } from '../../../src/failure-reason.ts'
import { isPublicAddress } from '../../../src/subject-tokens/public-address.ts'
import { CERT, fetchHere, NAME, resolving, startTlsServer } from './tls-server.ts'

const server = await startTlsServer()

afterAll(() => server[Symbol.asyncDispose]())

/** The reason of a failure, as messages have it. */
async function reasonOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(TypeError)
  return failureReason(error)
}

describe('nothing is connected to', () => {
  test.each([
    ['127.0.0.1'],
    ['[::1]'],
    ['2130706433'],
    ['localhost'],
    ['a.localhost.'],
    ['[::ffff:127.0.0.1]'],
  ])('for the host %s', async (host) => {
    server.answer((_request, response) => response.end())
    expect(await reasonOf(publicFetch(server.urlOf('/', host)))).toBe('ADDRESS_NOT_PUBLIC')
    // Whatever else may be connected to: no name was resolved for it.
    expect(await reasonOf(fetchHere(server.urlOf('/', host)))).toBe('ADDRESS_NOT_PUBLIC')
    expect(server.connections).toBe(0)
  })

  test.each([[['127.0.0.1']], [['10.0.0.1', '::1', '169.254.169.254']], [[]]])(
    'for a name that leads to %j alone',
    async (addresses) => {
      server.answer((_request, response) => response.end())
      const resolve = resolving(...addresses)
      const send = fetchOver({ resolve, isAllowed: isPublicAddress, ca: CERT })
      expect(await reasonOf(send(server.urlOf()))).toBe('ADDRESS_NOT_PUBLIC')
      expect(server.connections).toBe(0)
    },
  )

  test('for a name that is none', async () => {
    const error = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    const resolve: Resolve = (_hostname, _options, done) => done(error, [])
    const send = fetchOver({ resolve, isAllowed: isPublicAddress })
    expect(await reasonOf(send(server.urlOf()))).toBe('ENOTFOUND')
  })

  test('without TLS', async () => {
    server.answer((_request, response) => response.end())
    expect(await reasonOf(fetchHere(server.urlOf().replace('https', 'http')))).toBe('HTTPS_NEEDED')
    expect(server.connections).toBe(0)
  })

  test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('for %s', async (method) => {
    server.answer((_request, response) => response.end())
    await expect(fetchHere(server.urlOf(), { method })).rejects.toThrow('asked for by GET')
    expect(server.connections).toBe(0)
  })
})

describe('a certificate is verified', () => {
  const toHere = { resolve: resolving('127.0.0.1'), isAllowed: () => true }

  test('against the authorities that Node knows', async () => {
    server.answer((_request, response) => response.end())
    expect(await reasonOf(fetchOver(toHere)(server.urlOf()))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(server.requests).toBe(0)
  })

  test('for the name in the URL', async () => {
    server.answer((_request, response) => response.end())
    const send = fetchOver({ ...toHere, ca: CERT })
    expect(await reasonOf(send(server.urlOf('/', 'other.example.com')))).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    )
    expect(server.requests).toBe(0)
  })
})

describe('addresses for a connection', () => {
  const lookup = checkedLookup(resolving('10.0.0.1', '8.8.8.8', '2606:4700::1111'), isPublicAddress)

  test('are all that are public', () => {
    let found: unknown
    lookup(NAME, { all: true }, (...answer) => (found = answer))
    expect(found).toEqual([
      null,
      [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
    ])
  })

  test('or the first of them, where one is asked for', () => {
    let found: unknown
    lookup(NAME, {}, (...answer) => (found = answer))
    expect(found).toEqual([null, '8.8.8.8', 4])
  })

  test.each([
    [undefined, 0],
    [0, 0],
    [4, 4],
    [6, 6],
    ['IPv4', 4],
    ['IPv6', 6],
  ] as const)('of the family %s are asked for as %i', (family, asked) => {
    let options: unknown
    const resolve: Resolve = (_hostname, given) => void (options = given)
    checkedLookup(resolve, isPublicAddress)(NAME, { ...(family && { family }) }, () => {})
    expect(options).toEqual({ all: true, family: asked })
  })
})
