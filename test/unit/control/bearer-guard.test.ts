import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { controlGuard } from '../../../src/control-access/control-guard.ts'
import { utf8 } from '../../../src/crypto/base64url.ts'
import { sha256 } from '../../../src/crypto/digest.ts'

const SECRET = 'the-control-secret'

/** What a host answers behind the guard; without a secret it has no control API. */
async function answer(
  secret: string | undefined,
  headers: Record<string, string>,
): Promise<Response> {
  const secretDigest = secret === undefined ? undefined : await sha256(utf8(secret))
  const guard = controlGuard({ secretDigest, tokens: undefined })
  const app = new Hono().use(guard).get('/', (c) => c.text('inside'))
  return app.request('/', { headers })
}

describe('the control API', () => {
  test.each([
    ['the secret as a bearer token', `Bearer ${SECRET}`],
    ['the scheme in lower case', `bearer ${SECRET}`],
    ['more than one space', `Bearer   ${SECRET}`],
  ])('is open to %s', async (_title, authorization) => {
    const response = await answer(SECRET, { Authorization: authorization })
    expect([response.status, await response.text()]).toEqual([200, 'inside'])
  })

  describe.each([
    ['a secret', SECRET],
    ['the digest of an empty text', ''],
  ])('with %s configured', (_configured, secret) => {
    test.each<[string, Record<string, string>]>([
      ['refuses no header', {}],
      ['refuses an empty header', { Authorization: '' }],
      ['refuses the scheme alone', { Authorization: 'Bearer' }],
      ['refuses an empty secret', { Authorization: 'Bearer ' }],
      ['refuses a secret of spaces', { Authorization: 'Bearer    ' }],
      ['refuses another secret', { Authorization: 'Bearer another-secret' }],
      ['refuses the secret and more', { Authorization: `Bearer ${SECRET} x` }],
      ['refuses the secret without a scheme', { Authorization: SECRET }],
      ['refuses what looks like a token', { Authorization: 'Bearer a.b.c' }],
      ['refuses another scheme', { Authorization: `Basic ${SECRET}` }],
      ['refuses the secret in another header', { 'X-Authorization': `Bearer ${SECRET}` }],
    ])('%s', async (_title, headers) => {
      const response = await answer(secret, headers)
      expect(response.status).toBe(401)
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
      expect(await response.json()).toEqual({
        error: 'invalid_token',
        error_description: 'the control API wants its secret as a bearer token',
      })
    })
  })

  test.each<[string, Record<string, string>]>([
    ['refuses no header', {}],
    ['refuses any secret', { Authorization: `Bearer ${SECRET}` }],
  ])('without a secret configured: %s as if there were none', async (_title, headers) => {
    const response = await answer(undefined, headers)
    expect([response.status, response.headers.has('WWW-Authenticate')]).toEqual([404, false])
  })
})
