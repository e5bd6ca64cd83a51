/**
 * Which issuers a request means by its host: on this machine and where relying parties are.
 */

import { describe, expect, test } from 'vitest'
import { bodyOf, control } from '../support/hosts/control-client.ts'
import { type InProcessHost, inProcessHost } from '../support/hosts/in-process.ts'

async function create(host: InProcessHost, id: string, issuer?: string): Promise<number> {
  const json = { id, policy: { algorithm: 'ES256' }, ...(issuer === undefined ? {} : { issuer }) }
  return (await control(host, 'POST', '/issuers', { json })).status
}

/** The issuer of the discovery document, or the status where there is none. */
async function issuerAt(host: InProcessHost, authority: string, path: string): Promise<unknown> {
  const document = `${path}/.well-known/openid-configuration`
  const response = await host.request('GET', document, { headers: { Host: authority } })
  return response.status === 200 ? bodyOf(response)['issuer'] : response.status
}

describe('an installation on this machine', () => {
  test('answers for itself under a host that has no such issuer', async () => {
    const host = inProcessHost()
    await create(host, 'prod')
    for (const authority of ['proxy.example', 'localhost:8787', '[::1]:8787']) {
      expect(await issuerAt(host, authority, '/prod')).toBe(`${host.baseUrl}/prod`)
    }
  })

  test('remembers it for no host: an issuer that comes to be there is served', async () => {
    const host = inProcessHost()
    await create(host, 'prod')
    for (const _time of [1, 2]) {
      expect(await issuerAt(host, 'proxy.example', '/prod')).toBe(`${host.baseUrl}/prod`)
    }
    expect(await create(host, 'own', 'https://proxy.example/prod')).toBe(201)
    for (const _time of [1, 2]) {
      expect(await issuerAt(host, 'proxy.example', '/prod')).toBe('https://proxy.example/prod')
    }
  })
})

describe('an installation elsewhere', () => {
  const publicUrl = 'https://oidc.acme.dev'
  const hostAliases = 'signet.acct.workers.dev'

  test('answers under its own host, with a dot behind it too, and under its other names', async () => {
    const host = inProcessHost({ publicUrl, hostAliases })
    await create(host, 'prod')
    for (const authority of ['oidc.acme.dev', 'oidc.acme.dev.', hostAliases]) {
      expect(await issuerAt(host, authority, '/prod')).toBe(`${publicUrl}/prod`)
    }
  })

  test('gives no host the issuers of another', async () => {
    const host = inProcessHost({ publicUrl, hostAliases })
    await create(host, 'prod')
    expect(await create(host, 'own', 'https://own.dev/other')).toBe(201)
    for (const authority of ['elsewhere.dev', 'own.dev']) {
      expect(await issuerAt(host, authority, '/prod')).toBe(404)
    }
  })

  test('refuses an issuer whose host is another name of its own', async () => {
    const host = inProcessHost({ publicUrl, hostAliases })
    expect(await create(host, 'own', `https://${hostAliases}/own`)).toBe(400)
    expect(await create(host, 'own', `${publicUrl}/elsewhere`)).toBe(201)
  })
})
