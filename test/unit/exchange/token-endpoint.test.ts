import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fakeKeyManager } from '../../support/fixtures.ts'
import { subjectClaims } from '../../support/subject-tokens.ts'
import {
  anEntry,
  aCopy,
  bodyOf,
  exchangeWorld,
  expression,
  formRequest,
  goodForm,
  JWT_TYPE,
  type Logged,
  onlyRecord,
  SUBJECT_KEY,
  UUID,
} from './exchange-world.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/exchange')

const sha256 = (text: unknown) => createHash('sha256').update(String(text)).digest('base64url')

/** What is random, by its name. */
function goldenRecord({ level, event, fields }: Logged): string {
  const own = { ...fields, requestId: '{uuid}' }
  const shown = Object.entries(own).map(([name, value]) => {
    if (name === 'jti') return [name, '{uuid}']
    return [name, name.endsWith('Sha256') ? '{sha256}' : value]
  })
  const record = { level, event, ...(Object.fromEntries(shown) as object) }
  return `${JSON.stringify(record, undefined, 2)}\n`
}

describe('an issued token', () => {
  test('has exactly these headers and members', async () => {
    const response = await exchangeWorld().ask()
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toStrictEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Signet-Request-Id',
      'cache-control': 'no-store',
      'content-type': 'application/json',
      pragma: 'no-cache',
      'signet-request-id': expect.stringMatching(UUID) as string,
      'x-content-type-options': 'nosniff',
    })
    expect(await bodyOf(response)).toStrictEqual({
      access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      issued_token_type: JWT_TYPE,
      token_type: 'Bearer',
      expires_in: 3595,
    })
  })

  test.each([
    ['jwt', 'Bearer'],
    ['access_token', 'Bearer'],
    ['id_token', 'N_A'],
  ])('that is asked for as %s is of type %s', async (type, expected) => {
    const uri = JWT_TYPE.replace('jwt', type)
    const body = await bodyOf(await exchangeWorld().ask({ requested_token_type: uri }))
    expect(body).toMatchObject({ issued_token_type: uri, token_type: expected })
  })

  test('has one audit record, without the tokens', async () => {
    const world = exchangeWorld()
    const form = goodForm()
    const response = await world.send(formRequest(form))
    const body = await bodyOf(response)
    const record = onlyRecord(world)
    expect(record.fields).toMatchObject({
      requestId: response.headers.get('Signet-Request-Id'),
      subjectTokenSha256: sha256(form['subject_token']),
      tokenSha256: sha256(body['access_token']),
      // The stopwatch is looked at when a request begins, before and after the signing, and for the record.
      signMs: 12.35,
      durationMs: 37.04,
    })
    const text = JSON.stringify(record)
    for (const token of [form['subject_token'], body['access_token']]) {
      for (const part of String(token).split('.')) expect(text).not.toContain(part)
    }
    await expect(goldenRecord(record)).toMatchFileSnapshot(join(GOLDEN, 'token-issued.json'))
  })
})

test('signMs is the time of the key alone: to open it, and to sign', async () => {
  let now = 0
  const passes = (milliseconds: number) => {
    now += milliseconds
  }
  const manager = fakeKeyManager()
  const keyManager = {
    ...manager,
    open: async (...[reference, binding]: Parameters<typeof manager.open>) => {
      passes(20)
      await manager.open(reference, binding)
      return {
        sign: async () => {
          passes(3.004)
          return new Uint8Array(64)
        },
      }
    },
  }
  const condition = expression(() => {
    passes(100)
    return true
  })
  const world = exchangeWorld({
    keyManager,
    copies: [aCopy({ policy: { entries: [anEntry({ condition })] } })],
    deps: { stopwatch: () => now },
  })
  expect((await world.ask()).status).toBe(200)
  expect(onlyRecord(world).fields).toMatchObject({ signMs: 23, durationMs: 123 })
})

describe('a refusal', () => {
  test('has exactly these headers and members', async () => {
    const response = await exchangeWorld().ask({ audience: 'elsewhere' })
    expect(response.status).toBe(400)
    const { 'signet-request-id': id = '', ...headers } = Object.fromEntries(response.headers)
    expect(id).toMatch(UUID)
    expect(headers).toStrictEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Signet-Request-Id',
      'cache-control': 'no-store',
      'content-type': 'application/json',
      pragma: 'no-cache',
      'x-content-type-options': 'nosniff',
    })
    expect(await bodyOf(response)).toStrictEqual({
      error: 'invalid_target',
      error_description: `the subject token is not accepted for this; the operator of this issuer finds the reason under request id ${id}`,
    })
  })

  test('has one audit record, exact where the answer is short', async () => {
    const condition = expression(() => false)
    const world = exchangeWorld({
      copies: [aCopy({ policy: { entries: [anEntry({ condition })] } })],
    })
    const response = await world.ask()
    const record = onlyRecord(world)
    expect(record.fields['requestId']).toBe(response.headers.get('Signet-Request-Id'))
    await expect(goldenRecord(record)).toMatchFileSnapshot(join(GOLDEN, 'token-refused.json'))
  })

  test('of a token that brings more than itself says what it brings', async () => {
    const response = await exchangeWorld().ask({
      subject_token: `${goodForm()['subject_token']}\n`,
    })
    expect(await bodyOf(response)).toStrictEqual({
      error: 'invalid_request',
      error_description:
        'the subject token has a line break or a space in it: send the token alone',
    })
  })

  test('of a token that nobody verified says so, and what it claims', async () => {
    const world = exchangeWorld()
    const claims = subjectClaims({ iss: 'https://stranger.example' })
    await world.ask({ subject_token: SUBJECT_KEY.sign(claims) })
    expect(onlyRecord(world).fields).toMatchObject({
      subjectIssuer: 'https://stranger.example',
      subject: 'system:serviceaccount:payments:api',
      subjectVerified: false,
      reason: 'issuer_unknown',
    })
    expect(onlyRecord(world).fields).not.toHaveProperty('entry')
  })

  test('of claims with an account in them does not repeat it', async () => {
    const world = exchangeWorld()
    const sub = 'arn:aws:iam::123456789012:role/x'
    const jti = 'x\u001b[2J'
    const claims = subjectClaims({ iss: 'https://123456789012.example', sub, jti })
    await world.ask({ subject_token: SUBJECT_KEY.sign(claims), audience: '123456789012' })
    const text = JSON.stringify(world.logged)
    expect(text).toContain('an ARN')
    expect(text).not.toMatch(/123456789012|arn:|\\u001b/)
  })

  test.each([
    ['Basic eDp5', 'Basic realm="token endpoint"'],
    ['bearer x', 'Bearer'],
    ['DPoP x', 'Basic realm="token endpoint"'],
    ['', 'Basic realm="token endpoint"'],
  ])('of "Authorization: %s" names the scheme %s', async (Authorization, challenge) => {
    const response = await exchangeWorld().send(formRequest(goodForm(), { Authorization }))
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toBe(challenge)
  })

  test.each([
    ['a form', { scope: 'openid' }],
    ['a token', { subject_token: 'x' }],
    ['an audience', { audience: 'elsewhere' }],
  ])('of %s has no challenge', async (_what, changes) => {
    const response = await exchangeWorld().ask(changes)
    expect(response.headers.has('WWW-Authenticate')).toBe(false)
  })
})
