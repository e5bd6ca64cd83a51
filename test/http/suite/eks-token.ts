/**
 * A real token of a cluster on EKS: verified by what the host publishes in its issuer's place.
 */

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { adopt, bodyOf, createPublishOnly } from '../../support/hosts/control-client.ts'
import {
  EKS_ISSUER,
  EKS_KID,
  EKS_PUBLIC_KEY,
  EKS_TIME,
  EKS_TOKEN,
} from '../../support/hosts/eks-fixture.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'

const AUDIENCE = 'sts.amazonaws.com'

export function describeEksToken(getHost: () => TestHost): void {
  /** A document by its URL, as a relying party that is led to this host asks for it. */
  async function fetched<T>(url: string): Promise<T> {
    const { host, pathname, protocol } = new URL(url)
    expect(protocol).toBe('https:')
    const response = await getHost().request('GET', pathname, { headers: { Host: host } })
    expect(response.status, `answered ${response.body}`).toBe(200)
    return bodyOf<T>(response)
  }

  async function verified(options: { audience?: string; currentDate?: Date } = {}) {
    const discovery = await fetched<{ issuer: string; jwks_uri: string }>(
      `${EKS_ISSUER}/.well-known/openid-configuration`,
    )
    expect(discovery.issuer).toBe(EKS_ISSUER)
    const keys = createLocalJWKSet(await fetched<JSONWebKeySet>(discovery.jwks_uri))
    return jwtVerify(EKS_TOKEN, keys, {
      issuer: discovery.issuer,
      audience: AUDIENCE,
      currentDate: EKS_TIME,
      ...options,
    })
  }

  test('a real EKS token verifies by the adopted key, if that has the kid of the token', async () => {
    const { id, issuer } = await createPublishOnly(getHost(), EKS_ISSUER)
    expect(issuer).toBe(EKS_ISSUER)

    const derived = await adopt(getHost(), id, { keys: EKS_PUBLIC_KEY })
    expect(derived.status, `answered ${derived.body}`).toBe(200)
    await expect(verified()).rejects.toThrow(errors.JWKSNoMatchingKey)

    const query = `?kid=${EKS_KID}&retentionSeconds=0`
    const named = await adopt(getHost(), id, { keys: EKS_PUBLIC_KEY, query })
    expect(named.status, `answered ${named.body}`).toBe(200)
    const { payload, protectedHeader } = await verified()
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: EKS_KID })
    expect(payload).toMatchObject({
      iss: EKS_ISSUER,
      sub: 'system:serviceaccount:k8s-namespace:service-account-name',
      aud: [AUDIENCE],
    })
  })

  describe('and not', () => {
    test('for another audience', async () => {
      const refused = verified({ audience: 'elsewhere' })
      await expect(refused).rejects.toThrow(errors.JWTClaimValidationFailed)
    })

    test('after it expired', async () => {
      const refused = verified({ currentDate: new Date('2025-06-14T00:00:00Z') })
      await expect(refused).rejects.toThrow(errors.JWTExpired)
    })
  })
}
