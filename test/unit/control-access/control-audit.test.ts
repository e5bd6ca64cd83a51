import { describe, expect, test } from 'vitest'
import type { ControlEnv } from '../../../src/control-access/control-access.ts'
import { controlAudit } from '../../../src/control-access/control-audit.ts'
import { iamGuard } from '../../../src/control-access/control-guard.ts'
import type { ControlTokens } from '../../../src/control-access/control-tokens.ts'
import { utf8 } from '../../../src/crypto/base64url.ts'
import { sha256Base64Url } from '../../../src/crypto/digest.ts'
import { Fault } from '../../../src/errors.ts'
import { newApp } from '../../../src/http/new-app.ts'
import {
  admitted,
  ask,
  type Asked,
  AUDIENCE,
  judging,
  MINTED,
  principal,
  SECRET,
  TOKEN,
  verified,
  type World,
} from './guarded.ts'

async function recordOf(world: World, request: Asked): Promise<unknown> {
  const { records } = await ask(world, request)
  expect(records).toHaveLength(1)
  const { requestId, ...record } = records[0] ?? {}
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(JSON.stringify(record)).not.toContain('marked')
  return record
}

describe('the audit record', () => {
  const OF_TOKEN = {
    principal: 'token',
    grant: 'ci',
    subjectIssuer: 'https://ci.example.net',
    subject: 'job:1',
    subjectAudience: AUDIENCE,
    subjectJti: 'j-1',
    subjectKid: 'ci-key',
  }

  test('of an action by token', async () => {
    expect(await recordOf(admitted, { credential: TOKEN })).toEqual({
      level: 'info',
      event: 'control_action',
      action: 'rotate',
      issuer: 'prod',
      ownerEquivalent: false,
      ...OF_TOKEN,
      subjectTokenSha256: await sha256Base64Url(utf8(TOKEN)),
      revision: 7,
      outcome: 'done',
      status: 200,
      durationMs: 7.46,
    })
  })

  test('of minting names the token that was made, and not the token', async () => {
    const path = '/control/issuers/prod/tokens'
    expect(await recordOf({ secret: SECRET }, { path, credential: SECRET })).toEqual({
      level: 'info',
      event: 'control_action',
      action: 'mint',
      issuer: 'prod',
      ownerEquivalent: true,
      principal: 'secret',
      audience: 'ACCOUNT',
      issuedSubject: 'an ARN (role/ci)',
      jti: 'j-2',
      kid: 'kid-2',
      alg: 'RS256',
      tokenSha256: await sha256Base64Url(utf8(MINTED.token)),
      expiresAt: MINTED.exp,
      outcome: 'done',
      status: 201,
      durationMs: 7.46,
    })
  })

  test.each([true, false])('says whether it was a dry run: %j', async (dryRun) => {
    const record = await recordOf({ secret: SECRET }, { credential: SECRET, dryRun })
    expect(record).toMatchObject({ action: 'rotate', issuer: 'prod', revision: 7 })
    expect(Object.hasOwn(record as object, 'dryRun')).toBe(dryRun)
  })

  test('of a creation names the issuer that was made', async () => {
    const path = '/control/issuers'
    expect(await recordOf({ secret: SECRET }, { path, credential: SECRET })).toMatchObject({
      action: 'create',
      issuer: 'made',
      status: 201,
    })
  })

  test('of a list takes nothing of it', async () => {
    const request = { method: 'GET', path: '/control/issuers', credential: SECRET }
    expect(await recordOf({ secret: SECRET }, request)).toEqual({
      level: 'info',
      event: 'control_action',
      action: 'read',
      ownerEquivalent: false,
      principal: 'secret',
      outcome: 'done',
      status: 200,
      durationMs: 7.46,
    })
  })

  test('of what the issuer refuses has the reason', async () => {
    const request = { method: 'PATCH', path: '/control/issuers/prod', credential: SECRET }
    expect(await recordOf({ secret: SECRET }, request)).toMatchObject({
      level: 'warn',
      action: 'update',
      outcome: 'refused',
      status: 412,
      reason: 'revision_conflict',
    })
  })

  test('of what failed does not say that it was refused', async () => {
    const request = { method: 'PUT', path: '/control/issuers/prod/policy', credential: SECRET }
    expect(await recordOf({ secret: SECRET }, request)).toMatchObject({
      level: 'warn',
      action: 'policy',
      ownerEquivalent: true,
      outcome: 'failed',
      status: 503,
      reason: 'storage_unavailable',
    })
  })

  test.each([
    ['no credential', undefined, 'no_credential'],
    ['a wrong secret, without its digest', 'marked-other-secret', 'credential_unknown'],
  ])('of %s', async (_title, credential, reason) => {
    expect(await recordOf({ secret: SECRET }, { ...(credential && { credential }) })).toEqual({
      level: 'warn',
      event: 'control_action',
      action: 'rotate',
      issuer: 'prod',
      ownerEquivalent: false,
      principal: 'none',
      reason,
      outcome: 'refused',
      status: 401,
      durationMs: 7.46,
    })
  })

  test('of a verified token that opens nothing says whose it was', async () => {
    const request = { path: '/control/issuers/other/tokens', credential: TOKEN }
    expect(await recordOf(admitted, request)).toMatchObject({
      action: 'mint',
      issuer: 'other',
      ...OF_TOKEN,
      reason: 'insufficient_scope',
      outcome: 'refused',
    })
  })

  test('of no action', async () => {
    const request = { method: 'GET', path: '/control/marked/9', credential: SECRET }
    expect(await recordOf({ secret: SECRET }, request)).toMatchObject({
      action: 'none',
      ownerEquivalent: false,
      status: 404,
    })
  })

  test('keeps accounts out of what a token says', async () => {
    const subject = 'arn:aws:iam::123456789012:role/ci'
    const tokens = judging({ principal, verified: { ...verified, subject } })
    const record = await recordOf({ tokens }, { credential: TOKEN })
    expect(record).toMatchObject({ subject: 'an ARN (role/ci)' })
  })

  test('is written where nobody comes to know who it was', async () => {
    const tokens: ControlTokens = {
      audience: AUDIENCE,
      judge: async () => {
        throw new Fault('storage_unavailable', 'no answer')
      },
    }
    expect(await recordOf({ tokens }, { credential: TOKEN })).toMatchObject({
      principal: 'none',
      outcome: 'failed',
      status: 503,
    })
  })

  test('is not written where there is no control API', async () => {
    const { response, records } = await ask({}, { credential: TOKEN })
    expect([response.status, records]).toEqual([404, []])
    expect(response.headers.has('WWW-Authenticate')).toBe(false)
  })
})

test('whoever AWS IAM has let in is named so', async () => {
  const records: unknown[] = []
  const app = newApp<ControlEnv>()
  app.use(controlAudit({ log: (_level, _event, fields) => records.push(fields) }), iamGuard)
  app.delete('/control/issuers/:id', (c) => c.json({}))
  await app.request('/control/issuers/prod', { method: 'DELETE' })
  expect(records).toMatchObject([{ principal: 'iam', action: 'delete', outcome: 'done' }])
})
