import { describe, expect, test } from 'vitest'
import { Fault, FAULT_CODES } from '../../../src/errors.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { anIssuer, aTombstone, fakeKeyManager } from '../../support/fixtures.ts'
import {
  AWS_AUDIENCE,
  bodyOf,
  exchangeWorld,
  formRequest,
  goodForm,
  onlyRecord,
  UUID,
} from './exchange-world.ts'

describe('the issuer', () => {
  test('that is not there is 404, whatever the form, and nobody records it', async () => {
    for (const changes of [{}, { scope: 'x' }]) {
      const world = exchangeWorld({ publicCopy: undefined })
      const absent = await world.ask(changes)
      expect([absent.status, (await bodyOf(absent))['error']]).toStrictEqual([404, 'not_found'])
      // Nobody would find anything under it.
      expect(absent.headers.has('Signet-Request-Id')).toBe(false)
      expect([world.logged, world.loads]).toStrictEqual([[], []])
    }
  })

  test('is known to the record of a form that is refused, and its documents are not loaded', async () => {
    const world = exchangeWorld()
    await world.ask({ scope: 'openid' })
    expect(onlyRecord(world)).toMatchObject({
      level: 'warn',
      event: 'token_refused',
      fields: { issuer: 'prod', reason: 'scope_refused' },
    })
    expect(onlyRecord(world).fields).not.toHaveProperty('subjectTokenSha256')
    expect(world.loads).toStrictEqual([])
  })

  test('that storage cannot find now is 503, with the fault in the log', async () => {
    const fault = new Fault('storage_unavailable', 'no answer', { cause: new TypeError('marked') })
    const world = exchangeWorld({ publicCopy: fault })
    const response = await world.ask()
    expect(response.status).toBe(503)
    expect(world.logged).toStrictEqual([
      {
        level: 'error',
        event: 'request_failed',
        fields: {
          requestId: response.headers.get('Signet-Request-Id'),
          code: 'storage_unavailable',
          problem: 'no answer',
          cause: 'TypeError',
        },
      },
    ])
  })

  test('that only publishes is 404, also to a form that is refused', async () => {
    const policy = { ...anIssuer().policy, custody: 'none' } as const
    const world = exchangeWorld({ publicCopy: publicCopyOf(anIssuer({ policy })) })
    expect((await world.ask({ scope: 'x' })).status).toBe(404)
    expect(onlyRecord(world).fields).toMatchObject({ issuer: 'prod', reason: 'publish_only' })
  })

  test('that was deleted is 410, whatever the form', async () => {
    const world = exchangeWorld({ publicCopy: publicCopyOf(aTombstone()) })
    const response = await world.ask({ scope: 'x' })
    expect([response.status, (await bodyOf(response))['error']]).toStrictEqual([
      410,
      'issuer_deleted',
    ])
    expect(onlyRecord(world).fields).toMatchObject({ issuer: 'prod', reason: 'issuer_deleted' })
  })
})

describe('the limit of a source', () => {
  test('is asked first: a request over it has nothing read and nothing asked', async () => {
    const sourceLimit = { admits: async () => false }
    const world = exchangeWorld({ deps: { sourceLimit } })
    const request = formRequest(goodForm())
    const response = await world.send(request)
    expect(response.status).toBe(429)
    expect(response.headers.get('Retry-After')).toBe('10')
    expect([request.bodyUsed, world.reads(), world.loads]).toStrictEqual([false, 0, []])
    expect(world.logged).toStrictEqual([])
    expect(response.headers.has('Signet-Request-Id')).toBe(false)
  })

  test('is recorded where the issuer is in memory', async () => {
    const sourceLimit = { admits: async () => false }
    const inMemory = publicCopyOf(anIssuer())
    const world = exchangeWorld({ inMemory, deps: { sourceLimit } })
    const response = await world.ask()
    expect(onlyRecord(world).fields).toMatchObject({
      requestId: response.headers.get('Signet-Request-Id'),
      issuer: 'prod',
      reason: 'rate_limited',
    })
  })

  test('gets the request, and lets through who is below it', async () => {
    const asked: string[] = []
    const sourceLimit = {
      admits: async (request: Request) => {
        asked.push(request.headers.get('X-Source') ?? '')
        return true
      },
    }
    const world = exchangeWorld({ deps: { sourceLimit } })
    const response = await world.send(formRequest(goodForm(), { 'X-Source': '192.0.2.1' }))
    expect([response.status, asked]).toStrictEqual([200, ['192.0.2.1']])
  })
})

describe('what goes wrong', () => {
  test.each(FAULT_CODES)('as fault %s is 503, recorded and logged', async (code) => {
    const fault = new Fault(code, 'what the operator is told')
    const world = exchangeWorld({
      keyManager: fakeKeyManager({ sign: async () => Promise.reject(fault) }),
    })
    const response = await world.ask()
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await bodyOf(response)).toStrictEqual({
      error: 'temporarily_unavailable',
      error_description: 'no token can be issued now; try again',
    })
    const requestId = response.headers.get('Signet-Request-Id')
    expect(world.logged).toMatchObject([
      {
        level: 'warn',
        event: 'token_refused',
        fields: { requestId, entry: 'cluster', subjectVerified: true, reason: code },
      },
      {
        level: 'error',
        event: 'request_failed',
        fields: { requestId, code, problem: 'what the operator is told' },
      },
    ])
  })

  test('as a mistake of ours is 500, recorded, and says nothing of itself', async () => {
    const mistake = new TypeError('marked-message')
    const world = exchangeWorld({ copies: [mistake] })
    const response = await world.ask()
    expect(response.status).toBe(500)
    expect(response.headers.get('Signet-Request-Id')).toMatch(UUID)
    expect(onlyRecord(world)).toMatchObject({
      event: 'token_refused',
      fields: { reason: 'internal', audience: AWS_AUDIENCE },
    })
    expect(JSON.stringify([world.logged, await response.text()])).not.toContain('marked')
  })

  test('as a mistake before the issuer is known has no request id', async () => {
    const world = exchangeWorld({ publicCopy: new TypeError('marked-message') })
    const response = await world.ask()
    expect([response.status, world.logged]).toStrictEqual([500, []])
    expect(response.headers.has('Signet-Request-Id')).toBe(false)
  })
})
