import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requestExchange } from '../../../src/cli/exchange/exchange-client.ts'
import { ExchangeFailure } from '../../../src/cli/exchange/exchange-failure.ts'
import {
  ISSUED_CLAIMS,
  issuedBody,
  type StandInAnswer,
  type TokenStandIn,
  tokenStandIn,
  unsignedJwt,
} from '../../support/token-stand-in.ts'

const SUBJECT_TOKEN = unsignedJwt({ iss: 'https://cluster.example', sub: 'marked-subject' })

let host: TokenStandIn
beforeAll(async () => {
  host = await tokenStandIn(() => ({ body: issuedBody() }))
})
afterAll(() => host[Symbol.asyncDispose]())

async function exchange(answer: StandInAnswer, signal?: AbortSignal) {
  host.answer = () => answer
  const request = { issuer: host.issuer, audience: 'a b', subjectTokenType: 'id_token' } as const
  return requestExchange(request, SUBJECT_TOKEN, signal)
}

/** What it said, with the issuer's URL as URL. Neither token may be in it. */
async function failureOf(answer: StandInAnswer, signal?: AbortSignal) {
  const failure = await exchange(answer, signal).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof ExchangeFailure)) throw new Error('no failure', { cause: failure })
  for (const part of SUBJECT_TOKEN.split('.')) expect(failure.message).not.toContain(part)
  const { message, exitCode, isFinal, retryAfterSeconds } = failure
  const said = message.replaceAll(host.issuer, 'URL')
  return { message: said, exitCode, isFinal, retryAfterSeconds }
}

function errorBody(description: unknown, error = 'invalid_request'): string {
  return JSON.stringify({ error, error_description: description })
}

test('sends the form of RFC 8693 to the token endpoint, and nothing of its own', async () => {
  await exchange({ body: issuedBody() })
  const sent = host.requests.at(-1)
  expect(sent).toMatchObject({ method: 'POST', path: '/prod/token' })
  expect(sent?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  })
  expect(sent?.headers).not.toHaveProperty('authorization')
  expect([...new URLSearchParams(sent?.body)]).toEqual([
    ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
    ['subject_token', SUBJECT_TOKEN],
    ['subject_token_type', 'urn:ietf:params:oauth:token-type:id_token'],
    ['audience', 'a b'],
  ])
})

test('resolves to the token, and to what it says', async () => {
  expect(await exchange({ body: issuedBody() })).toEqual({
    token: unsignedJwt(ISSUED_CLAIMS),
    expiresIn: 3600,
    issuedTokenType: 'urn:ietf:params:oauth:token-type:jwt',
    tokenType: 'Bearer',
    alg: 'ES256',
    kid: 'kid-1',
    ...ISSUED_CLAIMS,
  })
})

test('takes a token of the type N_A', async () => {
  const body = issuedBody({ token_type: 'N_A' })
  expect(await exchange({ body })).toMatchObject({ tokenType: 'N_A' })
})

describe('an answer of the wrong form', () => {
  const tooLong = unsignedJwt({ ...ISSUED_CLAIMS, padding: 'a'.repeat(12_288) })
  test.each([
    ['a page', '<html>'],
    ['a list', '[]'],
    ['no token', issuedBody({ access_token: undefined })],
    ['two parts', issuedBody({ access_token: 'a.b' })],
    ['a token and a line', issuedBody({ access_token: `${unsignedJwt(ISSUED_CLAIMS)}\n` })],
    ['a token that is too long', issuedBody({ access_token: tooLong })],
    ['a token that is not JSON', issuedBody({ access_token: 'aaaa.bbbb.cccc' })],
    [
      'a token without an end',
      issuedBody({ access_token: unsignedJwt({ ...ISSUED_CLAIMS, exp: undefined }) }),
    ],
    [
      'a token without a subject',
      issuedBody({ access_token: unsignedJwt({ ...ISSUED_CLAIMS, sub: undefined }) }),
    ],
    ['a token without a kid', issuedBody({ access_token: unsignedJwt(ISSUED_CLAIMS, {}) })],
    ['no life', issuedBody({ expires_in: 0 })],
    ['a life in words', issuedBody({ expires_in: '3600' })],
    ['half a second of life', issuedBody({ expires_in: 0.5 })],
    ['a bound token', issuedBody({ token_type: 'DPoP' })],
    ['no type', issuedBody({ token_type: undefined })],
    ['no issued type', issuedBody({ issued_token_type: undefined })],
    ['a short issued type', issuedBody({ issued_token_type: 'jwt' })],
    [
      'a foreign issued type',
      issuedBody({ issued_token_type: 'urn:ietf:params:oauth:token-type:saml2' }),
    ],
    ['more than 64 KiB', issuedBody({ padding: 'a'.repeat(65_536) })],
    ['an error that says 200', errorBody('no')],
  ])('refuses %s', async (_title, body) => {
    expect(await failureOf({ body })).toEqual({
      message:
        "URL/token does not answer as the token endpoint of an issuer (status 200): check the issuer's URL",
      exitCode: 1,
      isFinal: true,
      retryAfterSeconds: 0,
    })
  })
})

test('refuses a token that comes with an error', async () => {
  const answer = { status: 400, body: issuedBody() }
  expect((await failureOf(answer)).message).toContain('(status 400)')
})

test('refuses a redirect, and does not follow it', async () => {
  const before = host.requests.length
  const headers = { Location: `${host.issuer}/elsewhere` }
  expect(await failureOf({ status: 307, headers, body: '' })).toMatchObject({
    message: expect.stringContaining(
      'URL/token answers with a redirect (status 307), which is not followed',
    ),
    exitCode: 1,
    isFinal: true,
  })
  expect(host.requests).toHaveLength(before + 1)
})

describe('a refusal', () => {
  const id = { 'Signet-Request-Id': 'r-1' }

  test.each<[string, StandInAnswer, string]>([
    [
      'with a request id',
      { status: 400, headers: id, body: errorBody('the subject token has expired.') },
      'URL refuses the exchange: the subject token has expired (invalid_request, request id r-1)',
    ],
    [
      'whose sentence has the request id',
      { status: 400, headers: id, body: errorBody('see request id r-1') },
      'URL refuses the exchange: see request id r-1 (invalid_request)',
    ],
    [
      'without a request id',
      { status: 410, body: errorBody('this issuer was deleted', 'issuer_deleted') },
      'URL refuses the exchange: this issuer was deleted (issuer_deleted)',
    ],
    [
      'with a strange request id',
      { status: 400, headers: { 'Signet-Request-Id': '<r 1>' }, body: errorBody('no') },
      'URL refuses the exchange: no (invalid_request)',
    ],
    [
      'without a sentence',
      { status: 400, headers: id, body: '{"error":"invalid_target"}' },
      'URL refuses the exchange: (invalid_target, request id r-1)',
    ],
    [
      'with no sentence',
      { status: 400, body: errorBody(7) },
      'URL refuses the exchange: (invalid_request)',
    ],
    [
      'that would steer a terminal',
      { status: 400, body: errorBody('\u001B[2Jno') },
      String.raw`URL refuses the exchange: \u{1b}[2Jno (invalid_request)`,
    ],
    [
      'where no endpoint is',
      { status: 404, headers: id, body: errorBody('there is nothing here', 'not_found') },
      "there is no token endpoint at URL/token (status 404, request id r-1): check the issuer's URL, which is given without /token; an issuer that only publishes has none",
    ],
    [
      'where no host is that knows of this',
      { status: 404, body: '<html>' },
      "there is no token endpoint at URL/token (status 404): check the issuer's URL, which is given without /token; an issuer that only publishes has none",
    ],
    [
      'of somebody else',
      { status: 403, body: '{"message":"Forbidden"}' },
      "URL/token does not answer as the token endpoint of an issuer (status 403): check the issuer's URL",
    ],
  ])('%s is said with what the operator needs', async (_title, answer, message) => {
    expect(await failureOf(answer)).toEqual({
      message,
      exitCode: 1,
      isFinal: true,
      retryAfterSeconds: 0,
    })
  })

  test('is bounded', async () => {
    const { message } = await failureOf({ status: 400, body: errorBody('a'.repeat(60_000)) })
    expect(message.length).toBeLessThan(1100)
  })

  test.each([
    ['whole', SUBJECT_TOKEN],
    ['in parts', SUBJECT_TOKEN.split('.').join(' and ')],
    ['across the bound', `${'a'.repeat(970)}${SUBJECT_TOKEN}`],
  ])('does not repeat the subject token, %s', async (_title, description) => {
    const { message } = await failureOf({ status: 400, body: errorBody(description) })
    // Nor the beginning of one, where the sentence is cut.
    expect(message).not.toContain(SUBJECT_TOKEN.slice(0, 10))
    expect(message).toContain('…')
  })
})

describe('what may be over soon', () => {
  test.each<[string, number, Record<string, string>, number]>([
    ['is too busy', 429, { 'Retry-After': '7' }, 7],
    ['has no key now', 503, { 'Retry-After': '5' }, 5],
    ['says a date', 503, { 'Retry-After': 'Sun, 22 Nov 2026 12:00:00 GMT' }, 0],
    ['fails', 500, {}, 0],
  ])('a host that %s', async (_title, status, headers, retryAfterSeconds) => {
    const body = errorBody('later', 'temporarily_unavailable')
    expect(await failureOf({ status, headers, body })).toEqual({
      message: 'URL cannot do the exchange now: later (temporarily_unavailable)',
      exitCode: 1,
      isFinal: false,
      retryAfterSeconds,
    })
  })

  test('a gateway without its host', async () => {
    expect(await failureOf({ status: 502, body: '<html>' })).toMatchObject({
      message: expect.stringContaining('(status 502)'),
      exitCode: 1,
      isFinal: false,
    })
  })

  test('a host that is not there', async () => {
    const gone = await tokenStandIn(() => ({ body: '' }))
    await gone[Symbol.asyncDispose]()
    const request = { issuer: gone.issuer, audience: 'a', subjectTokenType: 'jwt' } as const
    await expect(requestExchange(request, SUBJECT_TOKEN)).rejects.toMatchObject({
      message: `no issuer answers at ${gone.issuer}/token (ECONNREFUSED): check the issuer's URL, and that its host is up`,
      exitCode: 3,
      isFinal: false,
    })
  })

  test('an exchange that was given up', async () => {
    const waiting = new AbortController()
    host.answer = () => {
      waiting.abort()
      return new Promise<StandInAnswer>(() => {})
    }
    const request = { issuer: host.issuer, audience: 'a', subjectTokenType: 'jwt' } as const
    await expect(requestExchange(request, SUBJECT_TOKEN, waiting.signal)).rejects.toMatchObject({
      exitCode: 3,
      isFinal: false,
    })
  })
})
