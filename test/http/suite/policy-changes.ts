/**
 * Changes of an issuer's policy: what they do at once, what waits for the public documents, and what waits for a rotation.
 */

import { describe, expect, test } from 'vitest'
import { TOKEN_BACKDATE_SECONDS } from '../../../src/limits.ts'
import { CUSTODIES } from '../../../src/signers/key-manager.ts'
import {
  adopt,
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
  mintToken,
  publishedKids,
} from '../../support/hosts/control-client.ts'
import { clusterKey, jwkSet } from '../../support/hosts/cluster-keys.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { goldenFile, goldenText, namesOf } from './golden.ts'
import { refusalProblems } from './refusals.ts'
import { answered, healthOf, leavingRing, madeBy, observed, ringOf, rotate } from './rotating.ts'

const DAY = 86_400

export function describePolicyChanges(getHost: () => TestHost): void {
  const change = (id: string, policy: object): Promise<TestResponse> =>
    control(getHost(), 'PATCH', `/issuers/${id}`, { json: { policy } })

  async function changed(id: string, policy: object): Promise<void> {
    expect(answered(await change(id, policy))).toMatchObject({ policy })
  }

  async function mint(id: string, ttlSeconds: number): Promise<TestResponse> {
    const json = { subject: 's', audience: 'a', ttlSeconds }
    return control(getHost(), 'POST', `/issuers/${id}/tokens`, { json })
  }

  describe('a change of the algorithm', () => {
    test('is a rotation: the old successor stays beside the new one, and the signer signs on', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      const old = madeBy((await rotate(host, id)).actions)
      const [signer = ''] = await publishedKids(host, id)
      await changed(id, { algorithm: 'RS256' })
      expect(await publishedKids(host, id)).toStrictEqual([signer, old])
      const { actions } = await rotate(host, id)
      expect(actions).toMatchObject([{ type: 'create', reason: 'scheduled', alg: 'RS256' }])
      expect((await ringOf(host, id)).keys).toMatchObject([
        { kid: signer, alg: 'ES256', status: 'active' },
        { kid: old, alg: 'ES256', status: 'pending' },
        { kid: madeBy(actions), alg: 'RS256', status: 'pending' },
      ])
      const [header = ''] = (await mintToken(host, id)).split('.')
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: signer })
      const discovery = await host.request('GET', `/${id}/.well-known/openid-configuration`)
      const supported = bodyOf(discovery)['id_token_signing_alg_values_supported']
      expect(supported).toStrictEqual(expect.arrayContaining(['ES256', 'RS256']))
    })

    test('that is taken back leaves the key that was made, until it is not needed', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      await changed(id, { algorithm: 'RS256' })
      await rotate(host, id)
      await changed(id, { algorithm: 'ES256' })
      const { actions } = await rotate(host, id)
      expect(actions).toMatchObject([{ type: 'create', alg: 'ES256' }])
      expect((await ringOf(host, id)).keys).toHaveLength(3)
    })
  })

  describe('a change of the custody', () => {
    test('to each that this host has is a rotation', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      for (const custody of host.traits.custodies.filter((name) => name !== 'none')) {
        await changed(id, { custody })
        const { actions } = await rotate(host, id)
        expect(actions).toContainEqual(expect.objectContaining({ type: 'create', custody }))
      }
      const [signer] = (await ringOf(host, id)).keys
      expect(signer).toMatchObject({ status: 'active', custody: host.traits.custodies[0] })
    })

    test('to one that this host lacks is refused', async () => {
      const host = getHost()
      const { custodies } = host.traits
      const { id } = await createIssuer(host)
      for (const custody of CUSTODIES.filter((name) => !custodies.includes(name))) {
        const response = await leavingRing(host, id, () => change(id, { custody }))
        const says = `custody must be one of ${custodies.join(', ')} on this host, got "${custody}": choose one of these, or configure the host for it`
        const refusal = { status: 400, error: 'invalid_request', says }
        expect(refusalProblems(response, refusal)).toStrictEqual([])
      }
    })

    test('to none is refused where there are keys whose tokens are about', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      for (const policy of [{ custody: 'none' }, { custody: 'none', jwksMaxAgeSeconds: 120 }]) {
        const response = await leavingRing(host, id, () => change(id, policy))
        const says = `issuer ${id} has keys of its own, and tokens of theirs are about, so its custody cannot become none: create another issuer to publish a cluster's keys alone`
        const refusal = { status: 400, error: 'invalid_request', says }
        expect(refusalProblems(response, refusal)).toStrictEqual([])
      }
    })
  })

  describe('an issuer that only published and gets keys of its own', () => {
    test('publishes the first, which does not sign before it is proved', async () => {
      const host = getHost()
      const id = await grown(host)
      const { keys, status } = await ringOf(host, id)
      expect(keys).toMatchObject([
        { origin: 'own', status: 'pending', alg: 'ES256', custody: host.traits.custodies[0] },
        { origin: 'adopted', status: 'adopted' },
      ])
      expect(keys[0]).not.toHaveProperty('activatesAt')
      expect(status).toBe('first_key_pending')
      expect(await publishedKids(host, id)).toStrictEqual(keys.map(({ kid }) => kid))
      const says = `issuer ${id} has no key that signs now`
      const refusal = { status: 409, error: 'no_active_key', says }
      expect(refusalProblems(await mint(id, 60), refusal)).toStrictEqual([])
      const observation = await observed(host, id)
      const { actions, waits } = await rotate(host, id, { observation })
      expect(actions).toMatchObject([{ type: 'see', kid: keys[0]?.kid }])
      expect(waits).toMatchObject([{ reason: 'successor_seen_once' }])
    })

    test('is healthy, and says what it waits for', async () => {
      const host = getHost()
      const id = await grown(host)
      const response = await host.request('GET', `/${id}/healthz`)
      const { ringVersion } = await healthOf(host, id)
      const text = goldenText(response, namesOf(host, id), ringVersion)
      await expect(text).toMatchFileSnapshot(goldenFile('health-first-key-pending'))
    })
  })

  describe('a raised lifetime of tokens', () => {
    test('is not minted before the public documents have shown it', async () => {
      const host = getHost()
      const { id } = await createIssuer(host, { tokenTtlMaxSeconds: 600 })
      await changed(id, { tokenTtlMaxSeconds: 1200 })
      const { revision, settling } = await ringOf(host, id)
      expect(settling).toStrictEqual({
        revision,
        jwksMaxAgeSeconds: 600,
        tokenTtlMaxSeconds: 600,
        mintedTtlMaxSeconds: 600,
      })
      const says = `ttlSeconds must be at most 600 until the public documents of issuer ${id} have shown its raised maximum of 1200, got 1200: ask for less, or wait for its next rotations`
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(await mint(id, 1200), refusal)).toStrictEqual([])
      expect((await mint(id, 600)).status).toBe(201)
      const unasked = await control(host, 'POST', `/issuers/${id}/tokens`, {
        json: { subject: 's', audience: 'a' },
      })
      expect(bodyOf(unasked)).toMatchObject({ expiresIn: 600 - TOKEN_BACKDATE_SECONDS })

      const observation = await observed(host, id)
      const older = { ...observation, ringVersion: revision - 1 }
      expect((await rotate(host, id, { observation: older })).waits).toContainEqual({
        reason: 'policy_not_seen',
        revision,
      })
      expect((await mint(id, 601)).status).toBe(400)
      const { actions } = await rotate(host, id, { observation: await observed(host, id) })
      expect(actions).toContainEqual({ type: 'settle', seenAt: expect.any(Number) })
      expect((await mint(id, 1200)).status).toBe(201)
      expect((await mint(id, 1201)).status).toBe(400)
    })
  })

  describe('lowered values', () => {
    test('leave the old retention in force, and say so', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      const before = await ringOf(host, id)
      expect(before).not.toHaveProperty('settling')
      await changed(id, { tokenTtlMaxSeconds: 3600, jwksMaxAgeSeconds: 120 })
      const { revision } = await ringOf(host, id)
      const settling = {
        revision,
        jwksMaxAgeSeconds: 600,
        tokenTtlMaxSeconds: DAY,
        mintedTtlMaxSeconds: 3600,
      }
      const { retentionSeconds } = before
      expect(await ringOf(host, id)).toMatchObject({ settling, retentionSeconds })
      expect((await mint(id, 3601)).status).toBe(400)
      const jwks = await host.request('GET', `/${id}/.well-known/jwks.json`)
      expect(jwks.headers['cache-control']).toBe(
        'public, max-age=120, s-maxage=60, stale-if-error=600',
      )
      // The rotation makes the successor too, which is not what is asked here.
      await rotate(host, id, { observation: await observed(host, id) })
      const seen = await ringOf(host, id)
      const seenAt: unknown = expect.any(Number)
      expect(seen).toMatchObject({ settling: { ...settling, seenAt }, retentionSeconds })
    })
  })
}

/** An issuer that only published, since its policy has a custody. */
async function grown(host: TestHost): Promise<string> {
  const [custody] = host.traits.custodies
  const { id } = await createPublishOnly(host)
  await adopt(host, id, { keys: jwkSet(clusterKey('P-256')) })
  const json = { policy: { custody, algorithm: 'ES256' } }
  answered(await control(host, 'PATCH', `/issuers/${id}`, { json }))
  return id
}
