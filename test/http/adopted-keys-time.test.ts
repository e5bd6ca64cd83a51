/**
 * Withdrawn keys as time passes: published until their moment, whoever runs or does not.
 */

import { expect, test } from 'vitest'
import {
  adopt,
  adoptedIn,
  bodyOf,
  control,
  createPublishOnly,
  publishedKids,
} from '../support/hosts/control-client.ts'
import { clusterKey, jwkSet } from '../support/hosts/cluster-keys.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'

const [old, current] = [clusterKey('P-256'), clusterKey('P-384')]

async function exchanged() {
  const host = inProcessHost()
  const { id } = await createPublishOnly(host)
  await adopt(host, id, { keys: jwkSet(old) })
  await adopt(host, id, { keys: jwkSet(current), query: '?retentionSeconds=3600' })
  return { host, id }
}

test('a withdrawn key leaves the JWK Set and discovery at its moment, without a write', async () => {
  const { host, id } = await exchanged()
  const algorithms = async () => {
    const discovery = await host.request('GET', `/${id}/.well-known/openid-configuration`)
    return bodyOf(discovery)['id_token_signing_alg_values_supported']
  }
  const before = await host.request('GET', `/${id}/.well-known/jwks.json`)
  host.clock.seconds += 3599
  expect(await publishedKids(host, id)).toStrictEqual([old.jwk.kid, current.jwk.kid])
  expect(await algorithms()).toStrictEqual(['ES256', 'ES384'])
  host.clock.seconds += 1
  expect(await publishedKids(host, id)).toStrictEqual([current.jwk.kid])
  expect(await algorithms()).toStrictEqual(['ES384'])
  const after = await host.request('GET', `/${id}/.well-known/jwks.json`)
  expect(after.headers['etag']).not.toBe(before.headers['etag'])
  expect(after.headers['signet-ring-version']).toBe(before.headers['signet-ring-version'])
  const health = await host.request('GET', `/${id}/healthz`)
  expect(bodyOf(health)).toMatchObject({
    adoptedKeys: { adopted: 1, withdrawn: 0 },
    nextMoment: null,
  })
  const shown = adoptedIn(await control(host, 'GET', `/issuers/${id}`))
  expect(shown.filter(({ status }) => status !== 'adopted' && status !== 'retired')).toHaveLength(0)
})

test('it may be adopted anew then, and is published from then on', async () => {
  const { host, id } = await exchanged()
  host.clock.seconds += 7200
  const response = await adopt(host, id, { keys: jwkSet(old, current) })
  expect(response.status).toBe(200)
  const again = adoptedIn(response).find(({ kid }) => kid === old.jwk.kid)
  expect(again).toMatchObject({ status: 'adopted', publishedAt: host.clock.seconds })
  expect(again).not.toHaveProperty('withdrawal')
})

test('its kid is free for another key then, and not before', async () => {
  const { host, id } = await exchanged()
  const other = { ...clusterKey('P-521').jwk, kid: old.jwk.kid }
  const keys = { keys: [current.jwk, other] }
  expect((await adopt(host, id, { keys })).status).toBe(400)
  host.clock.seconds += 3600
  expect((await adopt(host, id, { keys })).status).toBe(200)
  expect(await publishedKids(host, id)).toStrictEqual([current.jwk.kid, old.jwk.kid])
})
