import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { control } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { workerHost } from '../support/hosts/worker.ts'
import { newSubjectKey } from '../support/subject-tokens.ts'
import { CONTROL_TRUST, describeControlByToken, type TokenHost } from './suite/control-by-token.ts'

async function inProcess(): Promise<TokenHost> {
  const host = inProcessHost({ controlTrust: CONTROL_TRUST })
  return { host, now: () => host.clock.seconds }
}

async function worker(): Promise<TokenHost> {
  const host = await workerHost({ controlTrust: CONTROL_TRUST })
  return { host, now: () => systemClock.now() }
}

describe.each<[name: string, make: () => Promise<TokenHost>]>([
  ['in process', inProcess],
  ['the Worker', worker],
])('%s, by token', (_name, make) => {
  let made: TokenHost

  beforeAll(async () => {
    made = await make()
  })

  afterAll(() => made.host.close())

  describeControlByToken(() => made)
})

const key = newSubjectKey()
const TRUST = {
  name: 'ci',
  issuer: 'https://ci.example.net',
  keys: { jwks: { keys: [key.jwk] } },
  algorithms: ['ES256'],
  condition: 'has(claims.sub)',
  allows: [{ actions: ['read', 'create'], issuers: '*' }],
}

function authorization(host: TokenHost, iss = TRUST.issuer): Readonly<Record<string, string>> {
  const iat = host.now()
  const aud = `${host.host.baseUrl}/control`
  return { Authorization: `Bearer ${key.sign({ iss, sub: 'job', aud, iat, exp: iat + 600 })}` }
}

test('the secret can be switched off: tokens alone open the API then', async () => {
  const host = inProcessHost({ control: 'off', controlTrust: [TRUST] })
  const headers = authorization({ host, now: () => host.clock.seconds })
  expect((await control(host, 'GET', '/issuers', { headers })).status).toBe(200)
  const bySecret = await control(host, 'GET', '/issuers')
  expect([bySecret.status, bySecret.headers['www-authenticate']]).toEqual([401, 'Bearer'])
  expect(bySecret.body).toContain('wants a token that this installation trusts for control')
})

test('an issuer that was made here before it was trusted opens nothing', async () => {
  const store = memoryStore()
  const before = inProcessHost({ store })
  const json = { id: 'corporate', issuer: TRUST.issuer, policy: { custody: 'none' } }
  expect((await control(before, 'POST', '/issuers', { json })).status).toBe(201)
  const host = inProcessHost({ store, controlTrust: [TRUST] })
  const headers = authorization({ host, now: () => host.clock.seconds })
  expect((await control(host, 'GET', '/issuers', { headers })).status).toBe(401)
  expect(host.logLines().join('\n')).toContain('"reason":"own_issuer"')
})
