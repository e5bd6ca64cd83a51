import { describe, expect, test } from 'vitest'
import { SUBJECT_REFUSAL_REASONS } from '../../../src/subject-tokens/subject-refusal.ts'
import {
  admitted,
  ask,
  AUDIENCE,
  both,
  judging,
  principal,
  SECRET,
  TOKEN,
  verified,
} from './guarded.ts'

describe('with secret and tokens', () => {
  test('the secret opens everything, and is not judged as a token', async () => {
    const tokens = judging({})
    const dotted = 'a.secret.with-dots'
    const { response } = await ask({ secret: dotted, tokens }, { credential: dotted })
    expect([response.status, tokens.asked]).toEqual([200, []])
  })

  test('a token opens what it may', async () => {
    const { response } = await ask(both, { credential: TOKEN })
    expect(response.status).toBe(200)
  })

  test.each([undefined, 'a', 'a.b', 'a.b.c.d', `${SECRET}x`])(
    'nothing else is judged: %j',
    async (credential) => {
      const tokens = judging({ principal, verified })
      const { response, body } = await ask(
        { secret: SECRET, tokens },
        { ...(credential && { credential }) },
      )
      expect([response.status, tokens.asked]).toEqual([401, []])
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
      expect(body).toEqual({
        error: 'invalid_token',
        error_description:
          'the control API wants its secret, or a token that this installation trusts for control, as a bearer token',
      })
    },
  )
})

describe('with tokens alone', () => {
  test.each(['', SECRET])('no secret opens anything: %j', async (credential) => {
    const { response, body } = await ask(admitted, { credential })
    expect(response.status).toBe(401)
    expect(body['error_description']).toBe(
      'the control API wants a token that this installation trusts for control as a bearer token',
    )
  })
})

describe('a token opens no more than it may', () => {
  test.each([
    ['GET', '/control/issuers', 'no read here'],
    ['POST', '/control/issuers', 'no create here'],
    ['POST', '/control/issuers/other/rotate', 'no rotate here'],
    ['POST', '/control/issuers/prod/tokens', 'no mint here'],
    ['PATCH', '/control/issuers/prod', 'no update here'],
    ['PUT', '/control/issuers/prod/policy', 'no policy here'],
    ['GET', '/control', 'nothing at this path'],
    ['GET', '/control/nothing', 'nothing at this path'],
    ['GET', '/control/issuers/prod/rotate', 'nothing at this path'],
    ['OPTIONS', '/control/issuers/prod', 'nothing at this path'],
    ['POST', '/control/issuers/PROD/rotate', 'nothing at this path'],
  ])('%s %s', async (method, path, says) => {
    const { response, body, records } = await ask(admitted, { method, path, credential: TOKEN })
    const description = `the token opens ${says}`
    expect(response.status).toBe(403)
    expect(body).toEqual({ error: 'insufficient_scope', error_description: description })
    expect(response.headers.get('WWW-Authenticate')).toBe(
      `Bearer error="insufficient_scope", error_description="${description}"`,
    )
    expect(records).toMatchObject([
      { reason: 'insufficient_scope', outcome: 'refused', status: 403 },
    ])
  })
})

describe('a refused token', () => {
  test.each(SUBJECT_REFUSAL_REASONS.filter((reason) => reason !== 'key_set_unavailable'))(
    'by %s tells no more than its holder can see',
    async (reason) => {
      const refusal = { reason, detail: 'marked-detail' }
      const { response, body, records } = await ask(
        { tokens: judging({ refusal }) },
        { credential: TOKEN },
      )
      const description = String(body['error_description'])
      const requestId = String(response.headers.get('Signet-Request-Id'))
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
      expect(description).not.toContain('marked')
      expect(records).toMatchObject([
        {
          requestId,
          reason,
          detail: 'marked-detail',
          principal: 'none',
          outcome: 'refused',
        },
      ])
      expect([response.status, body['error']]).toEqual([401, 'invalid_token'])
      expect(response.headers.get('WWW-Authenticate')).toBe(
        `Bearer error="invalid_token", error_description="${description}"`,
      )
      // RFC 6750 §3: what a quoted string may hold.
      expect(description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
      const isOfTrust = /^(?:issuer_unknown|key_|signature|own_key)/.test(reason)
      expect(description.includes(requestId)).toBe(isOfTrust)
    },
  )

  test('whose keys cannot be had may come again', async () => {
    const tokens = judging({ refusal: { reason: 'key_set_unavailable' } })
    const { response, body, records } = await ask({ tokens }, { credential: TOKEN })
    expect([response.status, body['error']]).toEqual([503, 'temporarily_unavailable'])
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(records).toMatchObject([{ reason: 'key_set_unavailable', outcome: 'failed' }])
  })

  test.each(['own_issuer', 'condition_not_met', 'expression_failed'] as const)(
    'by %s is one sentence as well',
    async (reason) => {
      const tokens = judging({ refusal: { reason }, verified })
      const { response, body } = await ask({ tokens }, { credential: TOKEN })
      expect(response.status).toBe(401)
      expect(body['error_description']).toBe(
        `the token is not accepted for control: the operator of this installation finds the reason under request id ${response.headers.get('Signet-Request-Id')}`,
      )
    },
  )

  test('for another audience is told which one it must have', async () => {
    const tokens = judging({ refusal: { reason: 'audience_refused' } })
    const { body } = await ask({ tokens }, { credential: TOKEN })
    expect(body['error_description']).toContain(`it is ${AUDIENCE}:`)
  })
})
