/**
 * Adopting a cluster's keys: the bodies, queries and keys that are taken, and what is then published.
 */

import { describe, expect, test } from 'vitest'
import {
  adopt,
  adoptedIn,
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
} from '../../support/hosts/control-client.ts'
import {
  clusterKey,
  clusterKeys,
  type ClusterKeyType,
  jwkSet,
} from '../../support/hosts/cluster-keys.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'

const KINDS: [type: ClusterKeyType, alg: string][] = [
  [2048, 'RS256'],
  [3072, 'RS256'],
  [4096, 'RS256'],
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
]

export function describeAdoptedKeysBodies(getHost: () => TestHost): void {
  const jwkSetOf = async (id: string) =>
    bodyOf<{ readonly keys: readonly object[] }>(
      await getHost().request('GET', `/${id}/.well-known/jwks.json`),
    )

  describe.each(KINDS)('a key of type %s', (type, alg) => {
    const key = () => clusterKey(type)
    const published = () => ({ ...key().jwk, alg, use: 'sig' })

    test('is adopted as a JWK Set, and published with the alg that Kubernetes signs with', async () => {
      const { id } = await createPublishOnly(getHost())
      const response = await adopt(getHost(), id, { keys: jwkSet(key()) })
      expect(response.status, `answered ${response.body}`).toBe(200)
      const { kid } = key().jwk
      expect(adoptedIn(response)).toMatchObject([{ kid, alg, fingerprint: kid, status: 'adopted' }])
      expect(await jwkSetOf(id)).toStrictEqual({ keys: [published()] })
    })

    test('is adopted as PEM, and is the same key', async () => {
      const { id } = await createPublishOnly(getHost())
      const response = await adopt(getHost(), id, { keys: key().pem })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect(await jwkSetOf(id)).toStrictEqual({ keys: [published()] })
    })
  })

  describe('a body', () => {
    test.each<[title: string, type: string, keys: () => object | string]>([
      ['a JWK Set', 'application/jwk-set+json', () => jwkSet(clusterKey('P-256'))],
      ['a JWK Set as JSON', 'application/json', () => jwkSet(clusterKey('P-256'))],
      ['a JWK', 'application/jwk+json', () => clusterKey('P-256').jwk],
      ['a JWK as JSON', 'application/json', () => clusterKey('P-256').jwk],
      ['PEM', 'application/x-pem-file', () => clusterKey('P-256').pem],
      [
        'PEM with text around it',
        'application/x-pem-file',
        () => `# a\n${clusterKey('P-256').pem}`,
      ],
      ['JSON with a charset', 'application/json; charset=utf-8', () => clusterKey('P-256').jwk],
      ['upper case', 'APPLICATION/JWK-SET+JSON', () => jwkSet(clusterKey('P-256'))],
    ])('is taken: %s', async (_title, type, keys) => {
      const { id } = await createPublishOnly(getHost())
      const response = await adopt(getHost(), id, { keys: keys(), type })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect(adoptedIn(response).map(({ kid }) => kid)).toStrictEqual([clusterKey('P-256').jwk.kid])
    })

    test('of several PEM keys is one set', async () => {
      const { id } = await createPublishOnly(getHost())
      const keys = [clusterKey('P-256'), clusterKey(2048), clusterKey('P-521')]
      const response = await adopt(getHost(), id, { keys: keys.map(({ pem }) => pem).join('') })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect(adoptedIn(response).map(({ kid }) => kid)).toStrictEqual(
        keys.map(({ jwk }) => jwk.kid),
      )
    })

    test('of the most keys that AWS can read is taken', async () => {
      const { id } = await createPublishOnly(getHost())
      const response = await adopt(getHost(), id, { keys: jwkSet(...clusterKeys(96)) })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect((await jwkSetOf(id)).keys).toHaveLength(96)
    })

    test('of an empty set is taken where the issuer has keys of its own', async () => {
      const { id } = await createIssuer(getHost())
      await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
      const response = await adopt(getHost(), id, { keys: { keys: [] } })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect(adoptedIn(response)).toMatchObject([{ status: 'withdrawn' }])
    })

    test('may say more of a key than is published', async () => {
      const { id } = await createPublishOnly(getHost())
      const { jwk } = clusterKey('P-384')
      const more = { key_ops: ['verify'], x5t: 'marked', 'x-mine': { a: 1 }, alg: 'ES384' }
      const response = await adopt(getHost(), id, { keys: { ...jwk, ...more } })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect(await jwkSetOf(id)).toStrictEqual({ keys: [{ ...jwk, alg: 'ES384', use: 'sig' }] })
    })

    test.each([
      ['an alg of its own', { alg: 'RS512' }, { alg: 'RS512' }],
      ['no kid, which is then derived', { kid: undefined }, {}],
      ['a kid of its own', { kid: 'marked~kid/1' }, { kid: 'marked~kid/1' }],
    ])('may have %s', async (_title, members, expected) => {
      const { id } = await createPublishOnly(getHost())
      const { jwk } = clusterKey(2048)
      const response = await adopt(getHost(), id, { keys: { ...jwk, ...members } })
      expect(response.status, `answered ${response.body}`).toBe(200)
      expect(await jwkSetOf(id)).toStrictEqual({ keys: [{ ...jwk, alg: 'RS256', ...expected }] })
      expect(adoptedIn(response)).toMatchObject([{ fingerprint: jwk.kid, ...expected }])
    })
  })

  test('a PEM key has the kid that the query names', async () => {
    const { id } = await createPublishOnly(getHost())
    const query = `?kid=${encodeURIComponent('a+b/ö'.slice(0, 4))}`
    const response = await adopt(getHost(), id, { keys: clusterKey(2048).pem, query })
    expect(response.status, `answered ${response.body}`).toBe(200)
    expect((await jwkSetOf(id)).keys).toMatchObject([{ kid: 'a+b/' }])
    expect(adoptedIn(response)).toMatchObject([{ fingerprint: clusterKey(2048).jwk.kid }])
  })

  test('adopted keys stand behind the issuer’s own, and sign nothing', async () => {
    const { id } = await createIssuer(getHost())
    const own = await jwkSetOf(id)
    const keys = [clusterKey(2048), clusterKey('P-384')]
    await adopt(getHost(), id, { keys: jwkSet(...keys) })
    const after = await jwkSetOf(id)
    expect(after.keys).toMatchObject([...own.keys, ...keys.map(({ jwk }) => ({ kid: jwk.kid }))])
    const discovery = await getHost().request('GET', `/${id}/.well-known/openid-configuration`)
    expect(bodyOf(discovery)['id_token_signing_alg_values_supported']).toStrictEqual([
      'ES256',
      'ES384',
      'RS256',
    ])
    const json = { subject: 's', audience: 'a' }
    const minted = await control(getHost(), 'POST', `/issuers/${id}/tokens`, { json })
    expect(own.keys).toMatchObject([{ kid: bodyOf(minted)['kid'] }])
  })

  test('the public documents change with the set', async () => {
    const { id } = await createPublishOnly(getHost())
    const seen: (readonly unknown[])[] = []
    for (const keys of [clusterKeys(1), clusterKeys(2)]) {
      await adopt(getHost(), id, { keys: jwkSet(...keys) })
      const { headers } = await getHost().request('GET', `/${id}/.well-known/jwks.json`)
      seen.push([headers['signet-ring-version'], headers['etag']])
    }
    expect(seen.map(([version]) => version)).toStrictEqual(['2', '3'])
    expect(seen[0]?.[1]).not.toBe(seen[1]?.[1])
  })
}
