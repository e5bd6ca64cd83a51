/**
 * Issuers that only publish their cluster's keys: nothing here can sign for them, and nothing says it could.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import {
  adopt,
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
  newIssuerId,
} from '../../support/hosts/control-client.ts'
import { clusterKey, jwkSet } from '../../support/hosts/cluster-keys.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { isBehindCdn } from './before-host.ts'
import { leavingUnchanged, refusalProblems } from './refusals.ts'

const DOCUMENTS = [
  '/{id}/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server/{id}',
  '/{id}/.well-known/jwks.json',
]
const SERVICE_ACCOUNT = { namespace: 'shop', name: 'web' }

export function describePublishOnly(getHost: () => TestHost): void {
  describe('an issuer that only publishes', () => {
    let shared = ''

    beforeAll(async () => {
      shared = (await createPublishOnly(getHost())).id
      await adopt(getHost(), shared, { keys: jwkSet(clusterKey(2048)) })
    })

    const get = (path: string, id = shared) => getHost().request('GET', path.replace('{id}', id))

    test('is created without a key', async () => {
      const json = { id: newIssuerId(), policy: { custody: 'none', jwksMaxAgeSeconds: 120 } }
      const response = await control(getHost(), 'POST', '/issuers', { json })
      expect(response.status, `answered ${response.body}`).toBe(201)
      expect(bodyOf(response)).toMatchObject({
        policy: { custody: 'none', jwksMaxAgeSeconds: 120 },
        keys: [],
      })
    })

    test('has no key of its own after changes either', async () => {
      const { id } = await createPublishOnly(getHost())
      await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
      const json = { policy: { jwksMaxAgeSeconds: 120 } }
      const changed = await control(getHost(), 'PATCH', `/issuers/${id}`, { json })
      expect(changed.status, `answered ${changed.body}`).toBe(200)
      expect(bodyOf(changed)['keys']).toMatchObject([{ origin: 'adopted' }])
      const jwks = await get('/{id}/.well-known/jwks.json', id)
      expect(jwks.headers['cache-control']).toBe(
        'public, max-age=120, s-maxage=60, stale-if-error=600',
      )
      expect(bodyOf(jwks)['keys']).toMatchObject([{ kid: clusterKey('P-256').jwk.kid }])
    })

    test.each<[title: string, request: object]>([
      ['a plain subject', { subject: 's', audience: 'a' }],
      ['a service account', { serviceAccount: SERVICE_ACCOUNT, audience: 'a' }],
      ['a lifetime beyond all', { subject: 's', audience: 'a', ttlSeconds: 1e9 }],
    ])('mints nothing for %s', async (_title, json) => {
      const response = await leavingUnchanged(getHost(), shared, () =>
        control(getHost(), 'POST', `/issuers/${shared}/tokens`, { json }),
      )
      const says = `issuer ${shared} only publishes a cluster's keys`
      const refusal = { status: 404, error: 'publish_only', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })

    test.each(['GET', 'POST', 'OPTIONS'])('has no token endpoint for %s', async (method) => {
      const response = await getHost().request(method, `/${shared}/token`)
      expect(response.status).toBe(404)
      expect(bodyOf(response)['error']).toBe('not_found')
    })

    test('promises none', async () => {
      const discovery = bodyOf(await get('/{id}/.well-known/openid-configuration'))
      expect(Object.keys(discovery)).not.toContain('token_endpoint')
      expect(JSON.stringify(discovery)).not.toMatch(/token-exchange|\/token"/)
      expect(discovery).toMatchObject({ id_token_signing_alg_values_supported: ['RS256'] })
    })

    test.each<[setting: string, policy: object]>([
      ['algorithm', { algorithm: 'ES256' }],
      ['rotationPeriodSeconds', { rotationPeriodSeconds: 7_776_000 }],
      ['propagationDelaySeconds', { propagationDelaySeconds: 86_400 }],
      ['tokenTtlMaxSeconds', { tokenTtlMaxSeconds: 3600 }],
      ['tokenTtlMaxSeconds', { tokenTtlMaxSeconds: 3600, jwksMaxAgeSeconds: 120 }],
    ])('takes no %s', async (setting, policy) => {
      const says = `takes custody, jwksMaxAgeSeconds alone, got ${setting}`
      const refusal = { status: 400, error: 'invalid_request', says }
      const json = { id: newIssuerId(), policy: { custody: 'none', ...policy } }
      const created = await control(getHost(), 'POST', '/issuers', { json })
      expect(refusalProblems(created, refusal)).toStrictEqual([])
      expect((await control(getHost(), 'GET', `/issuers/${json.id}`)).status).toBe(404)
      if (setting === 'algorithm') return
      const updated = await leavingUnchanged(getHost(), shared, () =>
        control(getHost(), 'PATCH', `/issuers/${shared}`, { json: { policy } }),
      )
      expect(refusalProblems(updated, refusal)).toStrictEqual([])
    })

    test.each(['self', null, 'None', ''])('is not made by custody %j', async (custody) => {
      const json = { id: newIssuerId(), policy: { custody } }
      const response = await control(getHost(), 'POST', '/issuers', { json })
      const says = 'custody must be one of kms, kms-wrapped, sealed, none'
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })

    test.each(DOCUMENTS)('without a key, %s is an error rather than empty', async (path) => {
      const { id } = await createPublishOnly(getHost())
      for (const method of ['GET', 'HEAD']) {
        const response = await getHost().request(method, path.replace('{id}', id), {
          headers: { 'If-None-Match': '*' },
        })
        // Nor does anybody have a copy of it.
        expect(response.status).toBe(isBehindCdn(getHost()) ? 404 : 503)
        if (isBehindCdn(getHost())) continue
        expect(response.headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' })
        expect(response.headers).not.toHaveProperty('etag')
        expect(response.body).toMatch(method === 'GET' ? /"no_published_key"/ : /^$/)
      }
      await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
      expect((await get(path, id)).status).toBe(200)
    })

    test('is healthy by what it publishes', async () => {
      const { id } = await createPublishOnly(getHost())
      const before = await get('/{id}/healthz', id)
      expect(before.status).toBe(503)
      expect(bodyOf(before)).toMatchObject({ status: 'no_published_key', activeKey: null })
      await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
      const after = await get('/{id}/healthz', id)
      expect(after.status).toBe(200)
      expect(bodyOf(after)).toMatchObject({
        status: 'ok',
        ringVersion: 2,
        activeKey: null,
        successor: null,
        adoptedKeys: { adopted: 1, withdrawn: 0 },
        nextMoment: null,
      })
    })

    test('may be deleted as any other', async () => {
      const { id } = await createPublishOnly(getHost())
      expect((await control(getHost(), 'DELETE', `/issuers/${id}`)).status).toBe(200)
      for (const path of DOCUMENTS) expect((await get(path, id)).status).toBe(410)
    })

    test('is not what an issuer with a key becomes', async () => {
      const { id } = await createIssuer(getHost())
      const json = { policy: { custody: 'none' } }
      const response = await control(getHost(), 'PATCH', `/issuers/${id}`, { json })
      expect(response.status).toBe(400)
    })
  })
}
